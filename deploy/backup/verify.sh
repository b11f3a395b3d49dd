#!/bin/sh
# Look whether a backup is as it was written: verify.sh /backup/base-…  Run it where the copies lie, not where they were made.
set -eu
cd "${1:?the folder of one backup}"
sha256sum --check --quiet --strict SHA256SUMS
if [ -f database/backup_manifest ] && command -v "${PG_VERIFYBACKUP:-pg_verifybackup}" >/dev/null 2>&1; then
    # a backup of tars: their content is looked at when PostgreSQL is new enough to read it
    "${PG_VERIFYBACKUP:-pg_verifybackup}" --no-parse-wal --quiet database 2>/dev/null \
        || printf '%s\n' "pg_verifybackup cannot read these tars: unpack them, then run it" >&2
fi
printf '%s\n' "as it was written"
