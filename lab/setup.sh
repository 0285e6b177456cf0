#!/usr/bin/env bash
# Installs what 'npm run quickstart' and 'npm test' need and this machine lacks: Debian packages, npm packages, the
# provider, and OpenTofu where there is no terraform either. Run again, it changes nothing.
#
#   lab/setup.sh          all of it
#   lab/setup.sh --unit   npm packages alone: no root, no hypervisor
set -euo pipefail
cd "$(dirname "$0")/.."

readonly cache=$PWD/.cache
readonly log=$cache/setup.log
readonly needed_node=20
readonly provider=registry.terraform.io/kvm-fleet/libvirt
readonly started=$SECONDS

fail() {
  echo "setup: $1" >&2
  exit 1
}

begin_log() {
  mkdir -p "$cache"
  { : >"$log"; } 2>/dev/null ||
    fail "$log can't be written: an earlier run was root's; run this as root too, or give the checkout back with 'sudo chown -R $(id -un) $PWD'"
}

# Runs a command with its output in the log, and shows that it runs: nothing when that takes less than a second.
step() {
  local what=$1 done_fd status='' began=$SECONDS shown=0
  shift
  echo "### $what: $*" >>"$log"
  exec {done_fd}< <(set +e; "$@" >>"$log" 2>&1 </dev/null; echo $?)
  # A read that timed out, as against one that met the end, returns more than 128.
  until read -r -t 1 -u "$done_fd" status || (($? <= 128)); do
    show_progress "$what" $((SECONDS - began)) "$shown"
    shown=1
  done
  exec {done_fd}<&-
  if [[ $shown == 1 ]]; then finish_progress "$what" $((SECONDS - began)); fi
  if [[ $status != 0 ]]; then
    tail -n 20 "$log" >&2
    fail "$what failed; all that it said is in $log"
  fi
}

# On a terminal a line that counts the seconds; in a log a line to begin with, and one each half a minute.
show_progress() {
  local what=$1 seconds=$2 shown=$3
  if [[ -t 1 ]]; then
    printf '\r==> %s (%d s)' "$what" "$seconds"
  elif [[ $shown == 0 ]]; then
    echo "==> $what"
  elif ((seconds % 30 == 0)); then
    echo "    $what: $seconds s so far"
  fi
}

finish_progress() {
  if [[ -t 1 ]]; then printf '\r==> %s (%d s)\n' "$1" "$2"; else echo "    done ($2 s)"; fi
}

# Whether a version is at least another.
at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

# --- What can't be installed here is asked for, before anything is changed.

check_node() {
  local get="get Node.js $needed_node or newer, which comes with npm, from https://nodejs.org/en/download"
  command -v node >/dev/null || fail "node is not on the PATH; $get"
  local version
  version=$(node --version)
  at_least "${version#v}" "$needed_node" || fail "node $version is too old; $get"
  command -v npm >/dev/null || fail "npm is not on the PATH; $get"
}

check_go() {
  local module=$1 needed version
  needed=$(awk '$1 == "go" { print $2; exit }' "$module/go.mod")
  local get="get Go $needed or newer from https://go.dev/dl"
  command -v go >/dev/null || fail "go is not on the PATH; $get (under sudo, root's PATH counts)"
  version=$(cd "$module" && GOTOOLCHAIN=local go env GOVERSION)
  at_least "${version#go}" "$needed" || fail "$version is too old to build $module; $get"
}

check_linux() {
  [[ $(uname -s) == Linux ]] || fail "the lab needs Linux, and this is $(uname -s); run it on Debian 12, as a virtual machine for example"
  command -v apt-get >/dev/null ||
    fail "the lab's packages are Debian's, and there is no apt-get here; run it on Debian 12, as a virtual machine for example"
}

check_root() {
  if [[ $EUID == 0 ]]; then return; fi
  command -v sudo >/dev/null ||
    fail "Debian packages are missing, and only root can install them; run this as root, or install sudo"
}

# --- What is missing.

missing_packages() {
  comm -23 <(sort lab/packages.txt) \
    <(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" { print $1 }' | sort)
}

npm_packages_missing() {
  [[ ! -e node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]
}

terraform_missing() {
  local name
  for name in ${TERRAFORM_BINARY_NAME:-terraform tofu}; do
    if command -v "$name" >/dev/null; then return 1; fi
  done
  [[ ! $cache/bin/tofu -nt lab/opentofu/go.mod ]]
}

# --- The steps.

install_packages() {
  local as_root=()
  if [[ $EUID != 0 ]]; then
    as_root=(sudo)
    # Asks for the password here, where it can be seen.
    sudo --validate
  fi
  step "fetching Debian's package lists" "${as_root[@]}" apt-get update
  step "installing Debian packages: $*" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

install_npm_packages() {
  step "installing npm packages" npm ci --no-audit --no-fund
}

# Go itself sees whether anything has changed.
install_provider() {
  local version folder
  version=$(node --print 'require("./package.json").version')
  folder=$HOME/.terraform.d/plugins/$provider/$version/$(go env GOOS)_$(go env GOARCH)
  mkdir -p "$folder"
  step "building the provider" go build -C provider -trimpath -ldflags "-s -w" \
    -o "$folder/terraform-provider-libvirt_v$version" .
  # What 'kvm-fleet separation verify' puts into guests: those of the lab, and of hosts like this machine.
  local guest
  for guest in $(printf '%s\n' amd64 "$(go env GOARCH)" | sort --unique); do
    step "building the probe for $guest guests" env CGO_ENABLED=0 GOOS=linux GOARCH=$guest \
      go build -C provider -trimpath -ldflags "-s -w" -o "$folder/kvm-fleet-probe_$guest" ./probe
  done
}

build_opentofu() {
  local version
  version=$(awk '$1 == "github.com/opentofu/opentofu" { print $2; exit }' lab/opentofu/go.mod)
  echo "==> neither terraform nor tofu is installed: building OpenTofu $version, once"
  mkdir -p "$cache/bin"
  step "building OpenTofu (about 8 minutes)" go build -C lab/opentofu -trimpath \
    -ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" \
    -o "$cache/bin/tofu.new" github.com/opentofu/opentofu/cmd/tofu
  mv "$cache/bin/tofu.new" "$cache/bin/tofu"
}

main() {
  case ${1-} in
  --unit | '') ;;
  *)
    echo "usage: lab/setup.sh [--unit]" >&2
    exit 2
    ;;
  esac

  check_node
  local missing=()
  if [[ ${1-} != --unit ]]; then
    check_linux
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} > 0)); then check_root; fi
    check_go provider
    if terraform_missing; then check_go lab/opentofu; fi
  fi

  if [[ ${1-} == --unit ]]; then
    if npm_packages_missing; then
      begin_log
      install_npm_packages
    fi
  else
    begin_log
    if ((${#missing[@]} > 0)); then install_packages "${missing[@]}"; fi
    if npm_packages_missing; then install_npm_packages; fi
    install_provider
    if terraform_missing; then build_opentofu; fi
  fi
  echo "==> set up ($((SECONDS - started)) s)"
}

main "$@"
