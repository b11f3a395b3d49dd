#!/bin/sh
# Install what some tests need beyond Python, where that is allowed without asking: root or passwordless sudo on a
# Debian-like machine. Elsewhere those tests skip by name and say what they miss; with CI=true a skip is a failure.
missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v pgbouncer >/dev/null 2>&1 || [ -x /usr/sbin/pgbouncer ] || missing="$missing pgbouncer"
command -v softhsm2-util >/dev/null 2>&1 || missing="$missing softhsm2"
dpkg -s fonts-noto-cjk >/dev/null 2>&1 || missing="$missing fonts-noto-cjk"
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null 2>&1 || exit 0
if [ "$(id -u)" = 0 ]; then
    sudo=
elif sudo -n true 2>/dev/null; then
    sudo='sudo -n'
else
    exit 0
fi
printf 'installing%s\n' "$missing" >&2
$sudo apt-get update -qq >/dev/null 2>&1
# shellcheck disable=SC2086 -- a list of words
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null \
    || printf 'could not install%s: the tests that need it will say so\n' "$missing" >&2
