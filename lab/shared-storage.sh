#!/usr/bin/env bash
# The GlusterFS server of one lab: makes the namespaces it runs in, or starts it in them. shared-storage.ts says what is
# passed in:
#
#   DATA            what it keeps: lib, log and bricks
#   NETNS           the file that holds the fabric's network namespace open
#   ADDRESS         its address there
#   VOLUME          the name of its volume
set -euo pipefail

# The mount namespace ends with the server, and takes with it what is mounted there.
create() {
  exec nsenter --net="$NETNS" unshare --mount --propagation private "$0" start
}

start() {
  mkdir -p "$DATA"/{lib,log,bricks}
  mount --bind "$DATA/lib" /var/lib/glusterd
  mount --bind "$DATA/log" /var/log/glusterfs
  # A brick's path ends up in the names of files, which are limited: this one is the same wherever the checkout is.
  mount --bind "$DATA/bricks" /srv
  # Sockets and pid files.
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /run/lock
  glusterd
  if ! gluster volume info "$VOLUME" &>/dev/null; then
    gluster --mode=script volume create "$VOLUME" "$ADDRESS:/srv/$VOLUME" force
    # What one host has written, another sees at once.
    gluster --mode=script volume set "$VOLUME" performance.quick-read off performance.io-cache off \
      performance.read-ahead off performance.stat-prefetch off performance.strict-o-direct on network.remote-dio off
  fi
  # By force: one that runs already is no error.
  gluster --mode=script volume start "$VOLUME" force
}

"$@"
