#!/bin/sh
# Install one lock into .venv, and the project itself, editable: `sh deploy/venv.sh requirements.lock`.
# Needs Python 3.11+ with venv and a package index; nothing else, no root and no writable HOME.
set -eu
lock=$1
python=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }

if ! "$python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found=
    for candidate in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            found=$candidate
            break
        fi
    done
    [ -n "$found" ] || { say "Python 3.11 or newer with its venv module is needed (set PYTHON=/path/to/python)"; exit 1; }
    "$found" -m venv --clear .venv
fi

if ! "$python" -c 'import uv; uv.find_uv_bin()' 2>/dev/null; then
    sed -n '/^uv==/,/[^\\]$/p' "$lock" > .venv/uv.lock
    "$python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.lock
fi

# uv reads no pip configuration: hand it the index and the certificates that the machine's pip uses.
from_pip() { "$python" -m pip config list 2>/dev/null | sed -n "s/^\(global\|install\|:env:\)\.$1='\(.*\)'\$/\2/p" | tail -n 1; }
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=$(from_pip index-url)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
    certificates=$(from_pip cert)
    [ -z "$certificates" ] || export SSL_CERT_FILE="$certificates"
fi
cache=${UV_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/uv}
mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || export UV_CACHE_DIR=.venv/uv-cache

if "$python" -m uv pip sync --quiet --compile-bytecode --python "$python" --require-hashes "$lock"; then
    "$python" -m uv pip install --quiet --python "$python" --no-deps --no-build-isolation --no-index --editable .
else
    say "uv could not install; trying pip, which is slower"
    "$python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    "$python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
fi
