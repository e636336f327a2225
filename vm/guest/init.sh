#!/bin/busybox sh
# PID 1 of the virtual machine. ttyS0 is the kernel's console, ttyS1 the command's stdout, ttyS2 its
# stderr, ttyS3 carries the exit code out and signals in.
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /root /bin /sbin /etc /var/tmp
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox --install -s /bin
export PATH=/scxts-bin:/usr/local/bin:/usr/bin:/bin:/sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/shm /dev/pts
chmod 1777 /tmp
mount -t tmpfs shm /dev/shm 2>/dev/null
mount -t devpts pts /dev/pts 2>/dev/null
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
mount -t cgroup2 cgroup /sys/fs/cgroup 2>/dev/null
mount -t debugfs debug /sys/kernel/debug 2>/dev/null
mount -t tracefs trace /sys/kernel/tracing 2>/dev/null
ifconfig lo 127.0.0.1 up 2>/dev/null
ulimit -n 65536
for tty in ttyS1 ttyS2 ttyS3; do stty -F /dev/$tty raw -echo 115200; done
. /scxts-env
cd "$SCXTS_CWD" || cd /
exec 3<>/dev/ttyS3
echo ready >&3
setsid sh /scxts-command </dev/null >/dev/ttyS1 2>/dev/ttyS2 &
pid=$!
(while read -r signal <&3; do kill -"$signal" -"$pid" 2>/dev/null; done) &
wait $pid
code=$?
echo "exit $code" >&3
sync
sleep 0.2
reboot -f
