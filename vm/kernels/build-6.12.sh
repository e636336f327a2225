#!/usr/bin/env bash
# Builds a Linux 6.12 with sched_ext from Debian's own source package: Debian's 6.12 images leave
# CONFIG_SCHED_CLASS_EXT off. Needs about 8 minutes on two cores and 2 GB of disk while it runs.
# Usage: build-6.12.sh OUTPUT_BZIMAGE, or --packages to list what has to be installed
set -euo pipefail

output=${1:?usage: build-6.12.sh OUTPUT_BZIMAGE}
here=$(cd "$(dirname "$0")" && pwd)
packages=(linux-source-6.12 build-essential flex bison bc libelf-dev libssl-dev pahole cpio xz-utils kmod rsync)
if [ "$output" = --packages ]; then
    echo "${packages[*]}"
    exit 0
fi

# Of two at once, the second waits and finds what it wants. The file of the lock stays: removing it would let a third in.
mkdir -p "$(dirname "$output")"
begin=$(date +%s)
exec 9>"$output.lock"
if ! flock -n 9; then
    echo 'build-6.12: it is being built already; waiting for that'
    flock 9
    if [ -f "$output" ] && [ "$(stat -c %Y "$output")" -ge "$begin" ]; then exit 0; fi
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "build-6.12: installing ${missing[*]} (to build the kernel)"
    sudo=''
    if [ "$(id -u)" != 0 ]; then
        # No terminal to ask for a password on: the console of whoever started this may not be one.
        sudo='sudo -n'
        $sudo true 2>/dev/null || { echo "build-6.12: this needs root; ask an administrator: apt-get install ${missing[*]}" >&2; exit 1; }
    fi
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "${missing[@]}"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/scxts-linux-6.12.XXXXXX")
trap 'rm -rf "$work"' EXIT
tar -xf /usr/src/linux-source-6.12.tar.xz -C "$work" --strip-components=1
cd "$work"
make -s tinyconfig
scripts/kconfig/merge_config.sh -m -O . .config "$here/linux-6.12.config" >merge.log
make -s olddefconfig
while read -r line; do
    grep -qxF "$line" .config || { echo "build-6.12: $line did not take" >&2; exit 1; }
done < <(grep '^CONFIG_' "$here/linux-6.12.config")
make -s -j"$(nproc)" bzImage
release=$(make -s kernelrelease)
cp .config "$(dirname "$output")/config-$release"
cp arch/x86/boot/bzImage "$output.tmp"
mv "$output.tmp" "$output"
echo "build-6.12: wrote $output ($release)"
