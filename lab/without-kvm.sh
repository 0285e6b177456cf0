#!/usr/bin/env bash
# Runs a command as on a machine without KVM: the command, the labs that it brings up and their hosts see no usable
# /dev/kvm. Nothing changes for other processes. Needs root.
#
#   lab/without-kvm.sh absent npm test       there is no /dev/kvm
#   lab/without-kvm.sh unreadable npm test   /dev/kvm exists, and no process can open it
#
# The command runs in a mount namespace of its own, so a lab that it leaves up can only be used from there.
set -euo pipefail

usage() {
  echo "usage: lab/without-kvm.sh absent|unreadable COMMAND..." >&2
  exit 64
}

# Hides /dev/kvm by a whiteout of an overlay. Device nodes that the kernel adds later, such as those of macvtap interfaces and of
# loop devices, appear as in the real /dev.
hide() {
  local below
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/dev
  mknod /mnt/upper/kvm c 0 0
  mount -t overlay -o lowerdir=/dev,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/dev
  while read -r below; do
    if [[ $below == /dev/* ]] && mountpoint -q "$below"; then
      mount --move "$below" "/mnt$below"
      # libvirt lists the mounts below /dev, and moves each of them into the /dev of a guest. It would not find one that is
      # hidden, such as a mount below the one that was moved.
      while mountpoint -q "$below"; do umount --lazy "$below"; done
    fi
  done < <(findmnt --raw --noheadings --output TARGET --submounts /dev | awk '!seen[$0]++')
  mount --move /mnt/dev /dev
}

# Puts in the place of the device a file on a read-only mount, which no process can open for writing, not even as root. The mount
# is outside /dev: libvirt gives each guest a /dev of its own and fails to move a mount on /dev/kvm there (seen with 9.0).
# A device on a mount with nodev would look more like one in a container, but access(2) allows it to root: libvirt then
# takes KVM for usable and probes QEMU again in nearly every call, which takes 2 to 24 seconds each.
lock() {
  hide
  mkdir /mnt/locked
  mount -t tmpfs tmpfs /mnt/locked
  : >/mnt/locked/kvm
  mount -o remount,ro /mnt/locked
  ln -s /mnt/locked/kvm /dev/kvm
}

# A mount namespace can be held open by a file in a namespace with a lower number only. Linux numbers namespaces in the
# order of their creation, but each processor takes a batch of numbers in advance (seen with 6.18). The processor with the
# lowest batch makes a namespace that can hold open those that are made later on any processor.
enter() {
  local allowed processor
  allowed=$(taskset -cp $$ | sed 's/.*: //')
  for ((processor = 0; processor < $(nproc --all); processor++)); do
    taskset -c "$processor" true 2>/dev/null || continue
    if taskset -c "$processor" unshare --mount --propagation private "$0" holds-others; then
      exec taskset -c "$processor" unshare --mount --propagation private taskset -c "$allowed" "$0" "in-$1" "${@:2}"
    fi
  done
  echo "without-kvm: no mount namespace of any processor can hold open the others" >&2
  exit 1
}

# Succeeds if this namespace can hold open one that is made on each processor.
holds_others() {
  local processor
  mount -t tmpfs tmpfs /mnt
  : >/mnt/namespace
  for ((processor = 0; processor < $(nproc --all); processor++)); do
    taskset -c "$processor" true 2>/dev/null || continue
    taskset -c "$processor" unshare --mount=/mnt/namespace --propagation private true 2>/dev/null || return 1
    umount /mnt/namespace
  done
}

case ${1-} in
absent | unreadable)
  if (($# < 2)); then usage; fi
  enter "$@"
  ;;
holds-others)
  holds_others
  exit
  ;;
in-absent) hide ;;
in-unreadable) lock ;;
*) usage ;;
esac
exec "${@:2}"
