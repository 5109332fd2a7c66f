#!/bin/sh
# Makes .venv with the first Python 3.11 or newer that is found (or $PYTHON). One that works stays.
set -eu

fits() {
    "$1" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null
}

if [ -x .venv/bin/python ] && fits .venv/bin/python; then
    exit 0
fi
for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
        echo "Creating .venv with $("$candidate" --version) ..."
        "$candidate" -m venv --clear .venv && exit 0
        echo "$candidate cannot make a virtual environment (on Debian: apt install python3-venv)." >&2
    fi
done
echo "Python 3.11 or newer with venv was not found: install it, or name it: PYTHON=/path/to/python make" >&2
exit 1
