#!/usr/bin/env bash
# The namespaces of one lab host: makes them, or runs a program in them. host.ts says what is passed in:
#
#   HOST            its name
#   DATA            its own file system: etc/libvirt, var/lib/libvirt, ...
#   RUNTIME         what becomes its /run/libvirt
#   HOSTS_FILE      what becomes its /etc/hosts
#   NETNS           the file that holds its network namespace open
#   NAMESPACES      the directory of the files that hold its mount, UTS and cgroup namespaces open
#   CGROUPS         the groups to enter first, one a line
#   HIERARCHIES     the cgroup hierarchies of this machine, one a line: version, mount options, mount point
#   PRIVATE         the directories that are the host's own, one a line
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

# Runs inside the new namespaces, and gives the host what is its own.
furnish() {
  echo "$HOST" >/proc/sys/kernel/hostname
  mount --bind "$HOSTS_FILE" /etc/hosts

  local directory
  while read -r directory; do
    mkdir -p "$directory"
    mount --bind "$DATA$directory" "$directory"
  done <<<"$PRIVATE"

  # /run as a whole, so that the host sees no D-Bus (systemd-machined would name its guests machine-wide), and no lock
  # file or socket of another host's.
  mount -t tmpfs -o mode=755 tmpfs "$DATA/run"
  mkdir -p "$DATA/run/libvirt" "$DATA/run/lock"
  mount --bind "$RUNTIME" "$DATA/run/libvirt"
  mount --rbind "$DATA/run" /run

  # The host's network devices, and its subtree of each cgroup hierarchy as if it were all there is.
  mount -t sysfs sysfs /sys
  mount_cgroups

  # As systemd has it: what is unmounted goes from the guests' own namespaces, too. A device would be in use there otherwise.
  mount --make-rshared /
}

mount_cgroups() {
  local version options target
  # One hierarchy is mounted right there; several are mounted in a directory each.
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
