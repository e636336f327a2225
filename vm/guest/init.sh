#!/bin/busybox sh
# PID 1 of the virtual machine. The serial console is the kernel's. Four virtio ports are ours: p1 and p2
# carry the command's stdout and stderr out, p3 takes commands and gives their exit codes, p4 takes signals.
export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root
mkdir -p /proc /sys /dev /tmp /run /root /var/tmp /etc
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/shm /dev/pts
mount -t tmpfs run /run
mount -t tmpfs shm /dev/shm
mount -t devpts pts /dev/pts 2>/dev/null
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
mount -t cgroup2 cgroup /sys/fs/cgroup 2>/dev/null
mount -t debugfs debug /sys/kernel/debug 2>/dev/null
mount -t tracefs trace /sys/kernel/tracing 2>/dev/null
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
chmod 1777 /tmp /var/tmp
ifconfig lo 127.0.0.1 up 2>/dev/null
hostname scxts-vm
ulimit -n 65536
read -r nonce </scxts-nonce

tries=0
while [ ! -c /dev/vport0p4 ]; do
    tries=$((tries + 1))
    [ $tries -le 50 ] || { echo 'scxts: no virtio console' >/dev/console; sleep 1; reboot -f; }
    usleep 100000
done

# Pipes, not the ports themselves, so that a command may open /dev/stdout again. They are held open here:
# a marker in them, rather than their end, tells where a command's output ends.
mkfifo /run/out /run/err
exec 3<>/dev/vport0p3 4<>/run/out 5<>/run/err
# What carries output and signals outranks every scheduler class that could starve it.
urgent() { chrt -f -p 1 "$1" >/dev/null 2>&1; }
cat </run/out >/dev/vport0p1 3>&- 4>&- 5>&- &
urgent $!
cat </run/err >/dev/vport0p2 3>&- 4>&- 5>&- &
urgent $!
while read -r signal; do
    [ -f /run/pid ] && read -r pid </run/pid && kill -"$signal" -"$pid" 2>/dev/null
done </dev/vport0p4 3>&- 4>&- 5>&- &
urgent $!

# What the machine turned out to have, for the host to compare with what was asked for: the kernel's highest CPU, nodes, and each
# CPU's package, die and core. Nothing is forked for it: that would take long on many emulated CPUs.
facts=''
fact() {
    value=-
    [ -r "$1" ] && read -r value <"$1"
    facts="$facts$2$value"
}
fact /sys/devices/system/cpu/kernel_max ' '
fact /sys/devices/system/node/online ' '
for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
    [ -d "$cpu/topology" ] || continue
    fact "$cpu/topology/physical_package_id" ' '
    fact "$cpu/topology/die_id" :
    fact "$cpu/topology/core_id" :
done
echo "ready$facts" >&3
# In the foreground, because a background command of a shell would ignore SIGINT.
while read -r verb body <&3; do
    [ "$verb" = run ] || continue
    echo "$body" | base64 -d >/run/command
    setsid sh -c 'echo $$ >/run/pid; echo started >&3; exec sh /run/command 3>&- 4>&- 5>&-' </dev/null >/run/out 2>/run/err
    code=$?
    rm -f /run/pid
    printf '\001%s\001' "$nonce" >&4
    printf '\001%s\001' "$nonce" >&5
    echo "exit $code" >&3
done
# The host is gone.
reboot -f
