#!/usr/bin/env bash
# Makes the namespaces of a lab's GlusterFS server, or starts it in them. shared-storage.ts passes in:
#
#   DATA            the directory of its files: lib, log and bricks
#   NETNS           the file that holds the fabric's network namespace open
#   ADDRESS         its address there
#   VOLUME          the name of its volume
set -euo pipefail

# The mount namespace and its mounts end with the server.
create() {
  exec nsenter --net="$NETNS" unshare --mount --propagation private "$0" start
}

start() {
  mkdir -p "$DATA"/{lib,log,bricks}
  mount --bind "$DATA/lib" /var/lib/glusterd
  mount --bind "$DATA/log" /var/log/glusterfs
  # The path of a brick becomes part of file names, which are limited. This path does not depend on the checkout.
  mount --bind "$DATA/bricks" /srv
  # Sockets and pid files.
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /run/lock
  glusterd
  if ! gluster volume info "$VOLUME" &>/dev/null; then
    gluster --mode=script volume create "$VOLUME" "$ADDRESS:/srv/$VOLUME" force
    # What one host has written must be visible to the others at once.
    gluster --mode=script volume set "$VOLUME" performance.quick-read off performance.io-cache off \
      performance.read-ahead off performance.stat-prefetch off performance.strict-o-direct on network.remote-dio off
    # A server on a busy machine does not always answer within the default of 42 seconds, after which each write fails.
    gluster --mode=script volume set "$VOLUME" network.ping-timeout 600
  fi
  # With force, a volume that runs already is not an error.
  gluster --mode=script volume start "$VOLUME" force
}

"$@"
