"""Texts as sets of three characters, so that an index finds any part of them (pure).

The database computes the same (core/search/sql.py): both fold ASCII and the letters of LETTERS
alone, so that the answer does not hang on the locale of a server.
"""

from __future__ import annotations

import string
from typing import Final

LETTERS: Final = ("ÅÄÖÆØÉÜ", "åäöæøéü")
SHORTEST: Final = 3
"""Fewer characters make no trigram; what is that short cannot be found by the index."""

_FOLD: Final = str.maketrans(
    string.ascii_uppercase + LETTERS[0], string.ascii_lowercase + LETTERS[1], "\x00"
)


def fold(text: str) -> str:
    """``text`` in lower case, without NUL, which no stored text has."""
    return text.translate(_FOLD)


def trigrams(text: str) -> list[str]:
    """Every run of three characters of the folded text once, sorted; none across lines."""
    folded = fold(text)
    runs = {folded[at : at + SHORTEST] for at in range(len(folded) - SHORTEST + 1)}
    return sorted(run for run in runs if "\n" not in run)
