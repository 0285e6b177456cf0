#!/usr/bin/env bash
# Builds the root file system of a host from Debian's packages, without installing any of them on this machine.
#
#   lab/roots/build.sh SUITE PACKAGES TARGET [OPTION...]
#
#   SUITE      the code name of a Debian release
#   PACKAGES   the file with the names of the packages, one a line; their dependencies come with them
#   TARGET     the directory to create
#   OPTION     a further option of mmdebstrap
set -euo pipefail

readonly suite=$1 packages=$2 target=$3

# The archive that this machine has its own Debian packages from.
archive() {
  local codename
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt-get indextargets --format '$(CODENAME) $(ORIGIN) $(REPO_URI)' 'Created-By: Packages' |
    awk -v codename="$codename" '$1 == codename && $2 == "Debian" { print $3; exit }'
}

# This machine's settings for downloads, such as a proxy.
download_settings() {
  apt-config dump | grep -E '^Acquire::(http|https|ftp|Check-)' || true
}

main() {
  local source options=("${@:4}")
  source=$(archive)
  if [[ -z $source ]]; then
    echo "this machine has no Debian archive among its package sources; add one to /etc/apt/sources.list, then run 'apt-get update'" >&2
    exit 1
  fi
  local setting
  while read -r setting; do
    if [[ -n $setting ]]; then options+=("--aptopt=$setting"); fi
  done < <(download_settings)
  # No program of a host needs these texts.
  local unneeded
  for unneeded in doc man locale info; do options+=("--dpkgopt=path-exclude=/usr/share/$unneeded/*"); done
  # A build that is interrupted is built again, so nothing has to reach the disk early.
  mmdebstrap --mode=root --variant=essential --format=directory --dpkgopt=force-unsafe-io \
    --include="$(paste --serial --delimiters=, "$packages")" "${options[@]}" "$suite" "$target" "$source"
}

main "$@"
