#!/bin/sh
# The whole city as one dump, where a base backup cannot be had: roles without passwords, the database, then the files.
# Slower to restore than deploy/backup/base.sh, but it goes to another version of PostgreSQL.
#   BACKUP_TO=/backup DATABASE_URL=… FILES=/srv/halls/files sh deploy/backup/dump.sh
set -eu

say() { printf '%s\n' "$*" >&2; }
: "${BACKUP_TO:?the folder to write to}"
: "${DATABASE_URL:?the login of the owner}"
: "${FILES:?the folder of the files of all halls}"
KEEP=${KEEP:-3}
for program in "${PG_DUMP:-pg_dump}" "${PG_DUMPALL:-pg_dumpall}"; do
    command -v "$program" >/dev/null 2>&1 || { say "$program is missing: install PostgreSQL's client programs"; exit 1; }
done
[ -d "$FILES" ] || { say "FILES=$FILES is no folder"; exit 1; }

umask 077
now=$(date -u +%Y%m%dT%H%M%SZ)
new=$BACKUP_TO/dump-$now
mkdir -p "$BACKUP_TO"
rm -rf "$BACKUP_TO"/.partial-*
partial=$BACKUP_TO/.partial-$now
trap 'rm -rf "$partial"' EXIT
mkdir "$partial"

# rights of halls are rights of roles: without them a dump restores tables that nobody may read
"${PG_DUMPALL:-pg_dumpall}" --dbname="$DATABASE_URL" --roles-only --no-role-passwords > "$partial/roles.sql"
"${PG_DUMP:-pg_dump}" --dbname="$DATABASE_URL" --format=directory --jobs="${JOBS:-2}" --file="$partial/database"
sh "$(dirname "$0")/files.sh" "$FILES" "$partial/files" "$(find "$BACKUP_TO" -mindepth 1 -maxdepth 1 -name 'dump-*' | sort | tail -n 1)/files"
(cd "$partial" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + > SHA256SUMS)
sync
mv "$partial" "$new"
trap - EXIT
find "$BACKUP_TO" -mindepth 1 -maxdepth 1 -name 'dump-*' | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do rm -rf "$old"; done
say "$new"
