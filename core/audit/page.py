"""One audit entry, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it was and what it became; None where it was not there."""

    name: str
    before: Any
    after: Any
    is_changed: bool


def changes(entry: AuditEntry) -> list[Change]:
    """All fields of the entry, in order of name."""
    names = sorted(set(entry.before) | set(entry.after))
    return [
        Change(
            name,
            entry.before.get(name),
            entry.after.get(name),
            entry.before.get(name) != entry.after.get(name),
        )
        for name in names
    ]
