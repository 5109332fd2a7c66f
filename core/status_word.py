"""How one state is shown: its word, colour and icon."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class StatusWord:
    """How a state is shown."""

    word: str | Promise
    tone: str
    icon: str
