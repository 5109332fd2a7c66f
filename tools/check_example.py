"""Fails when ``.env.example`` differs from the table of variables."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.variables import example  # noqa: E402 - after the path is set


def main() -> int:
    """Compare the two texts."""
    if (ROOT / ".env.example").read_text(encoding="utf-8") == example():
        return 0
    print(".env.example is out of date: .venv/bin/python manage.py env-example > .env.example")
    return 1


if __name__ == "__main__":
    sys.exit(main())
