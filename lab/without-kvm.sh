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

# Mounts a new /dev that has everything but kvm.
hide() {
  local new entry name index
  new=$(mktemp -d)
  mount -t tmpfs -o mode=755 dev "$new"
  for entry in /dev/*; do
    name=${entry#/dev/}
    if [[ $name == kvm ]]; then continue; fi
    if [[ -d $entry && ! -L $entry ]]; then
      mkdir "$new/$name"
      mount --rbind "$entry" "$new/$name"
    else
      # A copy of a device node is the same device. A mount over /dev/ptmx would not find /dev/pts beside it.
      cp --archive "$entry" "$new/$name"
    fi
  done
  # The kernel adds the nodes of further loop devices to the real /dev only.
  for ((index = 0; index < 64; index++)); do
    [[ -e $new/loop$index ]] || mknod -m 600 "$new/loop$index" b 7 "$index"
  done
  mount --move "$new" /dev
  rmdir "$new"
}

# Puts in the place of the device a file on a read-only mount, which no process can open for writing, not even as root. The mount
# is outside /dev: libvirt gives each guest a /dev of its own and fails to move a mount on /dev/kvm there (seen with 9.0).
# A device on a mount with nodev would look more like one in a container, but access(2) allows it to root: libvirt then
# takes KVM for usable and probes QEMU again in nearly every call, which takes 2 to 24 seconds each.
lock() {
  hide
  mount -t tmpfs tmpfs /mnt
  : >/mnt/kvm
  mount -o remount,ro /mnt
  ln -s /mnt/kvm /dev/kvm
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
