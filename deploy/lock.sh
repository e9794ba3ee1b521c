#!/usr/bin/env bash
# Makes requirements.txt and requirements-dev.txt from pyproject.toml, with hashes, for any machine with Python 3.11 or newer.
# Pins that still fit are kept; `deploy/lock.sh --upgrade` takes the newest.
set -euo pipefail
compile=(uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock')
"${compile[@]}" "$@" --output-file requirements.txt
"${compile[@]}" "$@" --extra dev --constraint requirements.txt --output-file requirements-dev.txt
