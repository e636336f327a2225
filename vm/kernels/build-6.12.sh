#!/usr/bin/env bash
# Builds a Linux 6.12 with sched_ext from Debian's own source package: Debian's 6.12 images leave
# CONFIG_SCHED_CLASS_EXT off. Needs about 8 minutes on two cores and 2 GB of disk while it runs.
# Usage: build-6.12.sh OUTPUT_BZIMAGE
set -euo pipefail

output=${1:?usage: build-6.12.sh OUTPUT_BZIMAGE}
here=$(cd "$(dirname "$0")" && pwd)
packages=(linux-source-6.12 build-essential flex bison bc libelf-dev libssl-dev pahole cpio xz-utils kmod rsync)

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "build-6.12: installing ${missing[*]} (to build the kernel)"
    sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends "${missing[@]}"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/scxts-linux-6.12.XXXXXX")
trap 'rm -rf "$work"' EXIT
tar -xf /usr/src/linux-source-6.12.tar.xz -C "$work" --strip-components=1
cd "$work"
make -s tinyconfig
scripts/kconfig/merge_config.sh -m -O . .config "$here/linux-6.12.config" >merge.log
make -s olddefconfig
for option in SCHED_CLASS_EXT DEBUG_INFO_BTF BPF_SYSCALL; do
    grep -q "^CONFIG_$option=y" .config || { echo "build-6.12: CONFIG_$option did not take" >&2; exit 1; }
done
make -s -j"$(nproc)" bzImage
mkdir -p "$(dirname "$output")"
cp arch/x86/boot/bzImage "$output.tmp"
mv "$output.tmp" "$output"
cp .config "$(dirname "$output")/config-$(make -s kernelrelease)"
echo "build-6.12: wrote $output ($(make -s kernelrelease))"
