#!/bin/sh
# The whole city, for a restore to any moment: a base backup of the cluster, beside the WAL that PostgreSQL archives all the
# time (see docs/backup.md), then the files. Database first: a row never names a file that the copy of the files lacks, but
# for those that retention removed meanwhile.
#   BACKUP_TO=/backup DATABASE_URL=… FILES=/srv/halls/files sh deploy/backup/base.sh
set -eu

say() { printf '%s\n' "$*" >&2; }
need() { command -v "$1" >/dev/null 2>&1 || { say "$1 is missing: install PostgreSQL's client programs, or rsync"; exit 1; }; }
: "${BACKUP_TO:?the folder to write to, on another disk than the database}"
: "${DATABASE_URL:?a login with REPLICATION}"
: "${FILES:?the folder of the files of all halls (FILES of the program, or VAR/files)}"
KEEP=${KEEP:-3}
need "${PG_BASEBACKUP:-pg_basebackup}"
[ -d "$FILES" ] || { say "FILES=$FILES is no folder"; exit 1; }

umask 077
now=$(date -u +%Y%m%dT%H%M%SZ)
new=$BACKUP_TO/base-$now
mkdir -p "$BACKUP_TO"
# what a killed run has left is no backup: its name says so
rm -rf "$BACKUP_TO"/.partial-*
partial=$BACKUP_TO/.partial-$now
trap 'rm -rf "$partial"' EXIT
mkdir "$partial"

"${PG_BASEBACKUP:-pg_basebackup}" --dbname="$DATABASE_URL" --pgdata="$partial/database" --format=tar --gzip \
    --checkpoint=fast --wal-method=stream --manifest-checksums=SHA256
sh "$(dirname "$0")/files.sh" "$FILES" "$partial/files" "$(find "$BACKUP_TO" -mindepth 1 -maxdepth 1 -name 'base-*' | sort | tail -n 1)/files"
(cd "$partial" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + > SHA256SUMS)
sync
mv "$partial" "$new"
trap - EXIT
find "$BACKUP_TO" -mindepth 1 -maxdepth 1 -name 'base-*' | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do rm -rf "$old"; done
say "$new"
