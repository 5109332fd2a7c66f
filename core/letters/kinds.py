"""What rooms say about their letters (``LETTER_KINDS``)."""

from __future__ import annotations

from typing import Protocol

from core.letters.models import Letter
from core.plugins import plugged


class LetterKind(Protocol):
    """Letters of one kind. ``kind`` is what their rows carry."""

    kind: str

    def came_back(self, letter: Letter) -> None:
        """A letter came back: told once, in the transaction that notes it."""
        ...


def kind_of(letter: Letter) -> LetterKind | None:
    """Who minds letters of this kind."""
    kinds: tuple[LetterKind, ...] = plugged("LETTER_KINDS")
    return next((one for one in kinds if one.kind == letter.kind), None)
