#!/usr/bin/env bash
# Makes the namespaces of a lab host, or runs a program in them. host.ts passes in:
#
#   HOST            its name
#   DATA            the directory of its own files: etc/libvirt, var/lib/libvirt, ...
#   RUNTIME         the directory that is its /run/libvirt
#   HOSTS_FILE      the file that is its /etc/hosts
#   NETNS           the file that holds its network namespace open
#   NAMESPACES      the directory of the files that hold its mount, UTS and cgroup namespaces open
#   CGROUPS         the groups to enter first, one a line
#   HIERARCHIES     the cgroup hierarchies of this machine, one a line: version, mount options, mount point
#   PRIVATE         the directories that each host has for itself, one a line
#   ROOT            for 'create': the root file system of its programs; empty for a host that uses this machine's programs
#   OVERLAY         the directory for what the host changes in its root file system
set -euo pipefail

enter_cgroups() {
  local group
  while read -r group; do
    if [[ -n $group ]]; then echo $$ >"$group/cgroup.procs"; fi
  done <<<"$CGROUPS"
}

# nsenter, not `ip netns exec`: that mounts a new /sys over the cgroup hierarchies.
create() {
  enter_cgroups
  : >"$NAMESPACES/mnt" && : >"$NAMESPACES/uts" && : >"$NAMESPACES/cgroup"
  exec nsenter --net="$NETNS" \
    unshare --mount="$NAMESPACES/mnt" --uts="$NAMESPACES/uts" --cgroup="$NAMESPACES/cgroup" --propagation private \
    "$0" furnish
}

# Runs inside the new namespaces, and mounts the host's own directories.
furnish() {
  echo "$HOST" >/proc/sys/kernel/hostname
  local root=
  if [[ -n $ROOT ]]; then
    root=$OVERLAY/merged
    mount_root "$root"
  fi
  mount --bind "$HOSTS_FILE" "$root/etc/hosts"

  local directory
  while read -r directory; do
    mkdir -p "$root$directory"
    mount --bind "$DATA$directory" "$root$directory"
  done <<<"$PRIVATE"

  # The host has a /run of its own. It sees no D-Bus there, with which systemd-machined would register its guests on this
  # machine, and no lock file or socket of another host.
  mount -t tmpfs -o mode=755 tmpfs "$DATA/run"
  mkdir -p "$DATA/run/libvirt" "$DATA/run/lock"
  mount --bind "$RUNTIME" "$DATA/run/libvirt"
  mount --rbind "$DATA/run" "$root/run"

  # The host's network devices, and its subtree of each cgroup hierarchy as the whole hierarchy.
  mount -t sysfs sysfs "$root/sys"
  mount_cgroups "$root"
  if [[ -n $root ]]; then enter_root "$root"; fi

  # As under systemd: an unmount also reaches the guests' namespaces. A device would stay in use there otherwise.
  mount --make-rshared /
}

# Mounts the root file system of the host's programs, which all hosts of its kind share, below a layer of its own.
mount_root() {
  mkdir -p "$OVERLAY"/{upper,work,merged}
  mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=$OVERLAY/upper,workdir=$OVERLAY/work" "$1"
  touch "$1/etc/hosts"
  mount -t proc proc "$1/proc"
  mount --rbind /dev "$1/dev"
}

# Makes a directory the root of the namespace. The former root is mounted over it, and is unmounted.
enter_root() {
  cd "$1"
  pivot_root . .
  umount --lazy .
  cd /
}

mount_cgroups() {
  local root=$1 version options target
  # A single hierarchy is mounted at this place; several are mounted in a directory each.
  if ! grep -q ' /sys/fs/cgroup$' <<<"$HIERARCHIES"; then
    mount -t tmpfs -o mode=755 cgroup "$root/sys/fs/cgroup"
  fi
  while read -r version options target; do
    target=$root$target
    mkdir -p "$target"
    if [[ $version == 2 ]]; then
      mount -t cgroup2 cgroup2 "$target"
    else
      mount -t cgroup -o "$options" cgroup "$target"
    fi
  done <<<"$HIERARCHIES"
}

enter() {
  enter_cgroups
  exec nsenter --net="$NETNS" --mount="$NAMESPACES/mnt" --uts="$NAMESPACES/uts" --cgroup="$NAMESPACES/cgroup" \
    env -i PATH="$PATH" LC_ALL="$LC_ALL" "$@"
}

"$@"
