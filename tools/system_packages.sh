#!/usr/bin/env bash
# Installs the Debian packages that Granska needs and this machine lacks, or says which ones are missing.
#   python   Python 3.11 or later with venv
#   browser  Chromium, in which the pages are tested
set -euo pipefail

install() {  # install PURPOSE PACKAGE...
  local purpose=$1
  shift
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Granska could not install $* ($purpose): it takes root and apt-get. Install it yourself, then run the command again." >&2
    exit 1
  fi
  echo "Installing $* ($purpose) ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

case "${1:?usage: system_packages.sh python|browser}" in
  python)
    "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || install "the language" python3
    "${PYTHON:-python3}" -c 'import venv, ensurepip' 2>/dev/null || install "virtual environments" python3-venv
    ;;
  browser)
    command -v chromium >/dev/null || install "the browser tests" chromium fonts-liberation
    ;;
esac
