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
  mount --bind "$HOSTS_FILE" /etc/hosts

  local directory
  while read -r directory; do
    mkdir -p "$directory"
    mount --bind "$DATA$directory" "$directory"
  done <<<"$PRIVATE"

  # The host has a /run of its own. It sees no D-Bus there, with which systemd-machined would register its guests on this
  # machine, and no lock file or socket of another host.
  mount -t tmpfs -o mode=755 tmpfs "$DATA/run"
  mkdir -p "$DATA/run/libvirt" "$DATA/run/lock"
  mount --bind "$RUNTIME" "$DATA/run/libvirt"
  mount --rbind "$DATA/run" /run

  # The host's network devices, and its subtree of each cgroup hierarchy as the whole hierarchy.
  mount -t sysfs sysfs /sys
  mount_cgroups

  # As under systemd: an unmount also reaches the guests' namespaces. A device would stay in use there otherwise.
  mount --make-rshared /
}

mount_cgroups() {
  local version options target
  # A single hierarchy is mounted at this place; several are mounted in a directory each.
  if ! grep -q ' /sys/fs/cgroup$' <<<"$HIERARCHIES"; then
    mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  fi
  while read -r version options target; do
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
