#!/bin/sh
# Copy the files of all halls: files.sh FROM TO [BEFORE]. They never change once written, so what BEFORE has is linked and costs
# nothing. What is half written (FROM/partial) stays behind.
set -eu
from=$1
to=$2
before=${3:-}
mkdir -p "$to"
if command -v rsync >/dev/null 2>&1; then
    if [ -n "$before" ] && [ -d "$before" ]; then
        rsync --archive --exclude=/partial/ --link-dest="$(cd "$before" && pwd)" "$from/" "$to/"
    else
        rsync --archive --exclude=/partial/ "$from/" "$to/"
    fi
    exit 0
fi
# without rsync: names first, so that a file that goes meanwhile is passed over
(cd "$from" && find . -type f ! -path './partial/*') | while read -r name; do
    mkdir -p "$to/$(dirname "$name")"
    if [ -n "$before" ] && [ -f "$before/$name" ]; then
        ln "$before/$name" "$to/$name"
    elif [ -f "$from/$name" ]; then
        cp -p "$from/$name" "$to/$name" || [ ! -f "$from/$name" ]
    fi
done
