#!/usr/bin/env bash
# Builds what a deep host starts from, from Debian's packages, without installing any of them on this machine.
#
#   lab/deep/build.sh SUITE PACKAGES TARGET
#
#   SUITE      the code name of a Debian release
#   PACKAGES   the file with the names of the packages, one a line; their dependencies come with them
#   TARGET     the directory to create: disk.img, vmlinuz, initrd.img, and the keys to log in with (id_ed25519, known_key)
set -euo pipefail
cd "$(dirname "$0")/.."

readonly suite=$1 packages=$2 target=$3
readonly root=$target/root

# The size that the file system has on the host. The image is sparse.
readonly disk_size=6G

# No deep host has a device for these drivers, which are more than half of the kernel's modules.
readonly unneeded_drivers=(gpu media net/wireless net/ethernet/mellanox sound staging iio hwmon input/touchscreen infiniband bluetooth)

# The initial file system needs no more than the modules of QEMU's devices. The kernel's package makes it when it is installed.
readonly initramfs='mkdir -p "$1/etc/initramfs-tools/conf.d"
printf "MODULES=list\nCOMPRESS=lz4\n" >"$1/etc/initramfs-tools/conf.d/lab"
printf "%s\n" virtio_pci virtio_blk virtio_net virtio_scsi ext4 >"$1/etc/initramfs-tools/modules"'

build_root() {
  local options=() driver
  for driver in "${unneeded_drivers[@]}"; do options+=("--dpkgopt=path-exclude=/lib/modules/*/kernel/drivers/$driver/*"); done
  options+=("--dpkgopt=path-exclude=/lib/modules/*/kernel/sound/*")
  mkdir -p "$target"
  roots/build.sh "$suite" "$packages" "$root" "${options[@]}" --essential-hook="$initramfs"
}

# The host's name and address come with the kernel's command line: one image serves all hosts.
configure() {
  ssh-keygen -q -t ed25519 -N '' -C kvm-fleet-lab -f "$target/id_ed25519"
  install -D -m 600 "$target/id_ed25519.pub" "$root/root/.ssh/authorized_keys"
  chmod 700 "$root/root/.ssh"
  cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$target/known_key"
  echo 'UseDNS no' >"$root/etc/ssh/sshd_config.d/lab.conf"
  echo '/dev/vda / ext4 defaults,noatime 0 0' >"$root/etc/fstab"
  echo '127.0.0.1 localhost' >"$root/etc/hosts"
  rm -f "$root/etc/hostname"
  systemd-machine-id-setup --root="$root" 2>/dev/null
  # Each service below starts when a test starts it.
  local unit
  for unit in nfs-server tgt open-iscsi iscsid multipathd nfs-client.target rpcbind.socket rpcbind nfs-blkmap libvirt-guests rpc-statd-notify; do
    systemctl --root="$root" --quiet disable "$unit" 2>/dev/null || true
  done
  for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
    getty@tty1.service ldconfig.service logrotate.timer man-db.timer serial-getty@ttyS0.service systemd-firstboot.service \
    systemd-networkd-wait-online.service systemd-pstore.service systemd-timesyncd.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  systemctl --root="$root" --quiet enable systemd-networkd systemd-network-generator ssh
}

pack() {
  cp "$root"/boot/vmlinuz-* "$target/vmlinuz"
  cp "$root"/boot/initrd.img-* "$target/initrd.img"
  mkfs.ext4 -q -d "$root" "$target/disk.img" "$disk_size"
  rm -rf "$root"
}

build_root
configure
pack
