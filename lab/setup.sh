#!/usr/bin/env bash
# Installs what 'npm run quickstart' and 'npm test' need and this machine lacks: Debian packages, npm packages, the
# provider, and OpenTofu if neither terraform nor tofu is installed. A second run changes nothing.
#
#   lab/setup.sh             what the quickstart needs
#   lab/setup.sh --tests     also the Debian packages that only tests need
#   lab/setup.sh --opentofu  also OpenTofu where terraform is installed, so that the tests run with both
#   lab/setup.sh --unit      npm packages only: needs neither root nor a hypervisor
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
    fail "cannot write $log: an earlier run created it as root; run this as root too, or take the checkout over with 'sudo chown -R $(id -un) $PWD'"
}

. lab/step.sh

# Succeeds if the first version is the same as the second or newer.
at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

# --- Requirements that this script does not install. They are checked before anything is changed.

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
  [[ $(uname -s) == Linux ]] || fail "the lab requires Linux, got $(uname -s); run it on Debian 12, for example in a virtual machine"
  command -v apt-get >/dev/null ||
    fail "the lab requires Debian packages, and apt-get is not on the PATH; run it on Debian 12, for example in a virtual machine"
}

check_root() {
  if [[ $EUID == 0 ]]; then return; fi
  command -v sudo >/dev/null ||
    fail "Debian packages are missing and only root can install them; run this as root, or install sudo"
}

# --- Checks for what is missing.

# The arguments are files with names of packages.
missing_packages() {
  comm -23 <(sort --unique "$@") \
    <(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" { print $1 }' | sort)
}

npm_packages_missing() {
  [[ ! -e node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]
}

# Succeeds if OpenTofu has to be built, since none of these programs is installed.
opentofu_missing() {
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null; then return 1; fi
  done
  [[ ! $cache/bin/tofu -nt lab/opentofu/go.mod ]]
}

# --- The steps.

install_packages() {
  local as_root=()
  if [[ $EUID != 0 ]]; then
    as_root=(sudo)
    # Ask for the password now: the output of the steps goes to the log.
    sudo --validate
  fi
  step "fetching Debian's package lists" "${as_root[@]}" apt-get update
  step "installing Debian packages: $*" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

install_npm_packages() {
  step "installing npm packages" npm ci --no-audit --no-fund
}

# Always runs go build, which rebuilds only what has changed.
install_provider() {
  local version folder
  version=$(node --print 'require("./package.json").version')
  folder=$HOME/.terraform.d/plugins/$provider/$version/$(go env GOOS)_$(go env GOARCH)
  mkdir -p "$folder"
  step "building the provider" go build -C provider -trimpath -ldflags "-s -w" \
    -o "$folder/terraform-provider-libvirt_v$version" .
  # 'kvm-fleet separation verify' copies the probe into guests. The lab's guests are amd64, guests of other hosts are
  # assumed to have this machine's architecture.
  local guest
  for guest in $(printf '%s\n' amd64 "$(go env GOARCH)" | sort --unique); do
    step "building the probe for $guest guests" env CGO_ENABLED=0 GOOS=linux GOARCH=$guest \
      go build -C provider -trimpath -ldflags "-s -w" -o "$folder/kvm-fleet-probe_$guest" ./probe
  done
}

build_opentofu() {
  local version
  version=$(awk '$1 == "github.com/opentofu/opentofu" { print $2; exit }' lab/opentofu/go.mod)
  echo "==> building OpenTofu $version (only once)"
  mkdir -p "$cache/bin"
  step "building OpenTofu (about 8 minutes)" go build -C lab/opentofu -trimpath \
    -ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" \
    -o "$cache/bin/tofu.new" github.com/opentofu/opentofu/cmd/tofu
  mv "$cache/bin/tofu.new" "$cache/bin/tofu"
}

main() {
  local unit=0 option programs=(${TERRAFORM_BINARY_NAME:-terraform tofu}) packages=(lab/packages.txt)
  for option in "$@"; do
    case $option in
    --unit) unit=1 ;;
    --tests) packages+=(test/packages.txt) ;;
    --opentofu) programs=(tofu) ;;
    *)
      echo "usage: lab/setup.sh [--unit | --tests | --opentofu]..." >&2
      exit 2
      ;;
    esac
  done

  check_node
  if ((unit)); then
    if npm_packages_missing; then
      begin_log
      install_npm_packages
    fi
  else
    local missing=()
    check_linux
    mapfile -t missing < <(missing_packages "${packages[@]}")
    if ((${#missing[@]} > 0)); then check_root; fi
    check_go provider
    if opentofu_missing "${programs[@]}"; then check_go lab/opentofu; fi

    begin_log
    if ((${#missing[@]} > 0)); then install_packages "${missing[@]}"; fi
    if npm_packages_missing; then install_npm_packages; fi
    install_provider
    if opentofu_missing "${programs[@]}"; then build_opentofu; fi
  fi
  echo "==> set up ($((SECONDS - started)) s)"
}

main "$@"
