#!/bin/sh
# All checks of `make lint`: runs every one, then names those that failed.
set -u
PY=.venv/bin/python
failed=""

check() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        echo "$output" | sed 's/^/        /'
        failed="$failed $name"
    fi
}

check style            "$PY" -m ruff check .
check format           "$PY" -m ruff format --check .
check imports          .venv/bin/lint-imports --no-logo
check types            "$PY" -m mypy .
check dependencies     .venv/bin/deptry .
check templates        "$PY" tools/check_templates.py
check tree             "$PY" tools/check_tree.py
check example          "$PY" tools/check_example.py
check migrations       "$PY" manage.py servers --scratch -- "$PY" manage.py makemigrations --check --dry-run
check system           "$PY" manage.py check --fail-level WARNING
check messages         "$PY" tools/check_messages.py
check schema           "$PY" tools/check_schema.py

if [ -n "$failed" ]; then
    echo "Failed:$failed"
    exit 1
fi
echo "All checks passed."
