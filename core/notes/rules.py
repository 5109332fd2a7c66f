"""Who may change a note, and how long (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.marks import gettext_noop

EDIT_WINDOW: Final = timedelta(hours=24)

NOT_YOURS: Final = gettext_noop("Only its author may change a note. Write a new one.")
TOO_LATE: Final = gettext_noop(
    "A note can be changed for 24 hours after it was written. Write a new one."
)


def why_not_editable(
    *, author_id: int | None, created_at: datetime, by_id: int | None, now: datetime
) -> str:
    """Why ``by_id`` may not change the note (a text to translate); empty when it may."""
    if author_id is None or author_id != by_id:
        return NOT_YOURS
    return TOO_LATE if now - created_at > EDIT_WINDOW else ""
