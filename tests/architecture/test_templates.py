"""What templates must not do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.tree import ROOT, name

PIECE = re.compile(
    r"{%\s*(?P<mark>block|endblock)\b[^%]*%}"
    r"|{%\s*(?:url|safe_url)\b[^%]*? as (?P<set>\w+)\s*%}"
    r"|{{\s*(?P<used>\w+)\s*}}"
)


def lost(text: str) -> Iterator[str]:
    """Addresses that are written outside of the block in which they were named."""
    known: dict[str, list[tuple[int, ...]]] = {}
    inside: list[int] = []
    for piece in PIECE.finditer(text):
        if piece["mark"] == "block":
            inside.append(piece.start())
        elif piece["mark"] == "endblock":
            inside.pop()
        elif piece["set"]:
            known.setdefault(piece["set"], []).append(tuple(inside))
        else:
            places = known.get(piece["used"], [])
            if places and not any(tuple(inside[: len(place)]) == place for place in places):
                yield piece["used"]


def test_an_address_is_named_in_the_block_that_writes_it() -> None:
    guilty = {
        name(path): found
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if (found := sorted(set(lost(path.read_text(encoding="utf-8")))))
    }

    assert guilty == {}, "names of one block are empty in another"
