#!/usr/bin/env bash
# Installs a lock file into .venv, making .venv where there is none: `deploy/install.sh requirements.txt`.
# By uv where it is on the machine, else by pip; every file's hash is checked.
set -euo pipefail
lock=${1:?the lock file}

if [ ! -x .venv/bin/python ]; then
  python=
  for candidate in python3.11 python3.12 python3.13 python3.14 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$(command -v "$candidate")
      break
    fi
  done
  if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed and was not found. On Debian 12: apt-get install python3 python3-venv" >&2
    exit 1
  fi
  echo "making .venv with $python …"
  if ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "Python cannot make virtual environments here. On Debian: apt-get install python3-venv" >&2
    exit 1
  fi
fi

echo "installing $lock …"
if command -v uv >/dev/null && uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"; then
  exit 0
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
