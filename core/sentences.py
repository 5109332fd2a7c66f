"""Sentences that are kept now and said later, in the language of whoever reads them then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English source text with named places, and what stands in them; ``str`` says it.

    The text must be marked for translation where it is written (``gettext_noop``).
    """

    text: str
    params: Mapping[str, str | Sentence] = field(default_factory=dict)

    def __str__(self) -> str:
        return gettext(self.text) % {name: str(value) for name, value in self.params.items()}

    def as_json(self) -> dict[str, Any]:
        """As a JSON column keeps it."""
        return {
            "text": self.text,
            "params": {
                name: value.as_json() if isinstance(value, Sentence) else value
                for name, value in self.params.items()
            },
        }


def read_sentence(stored: Any) -> Sentence | str:
    """What ``as_json`` wrote; a plain text stays what it is."""
    if not isinstance(stored, Mapping):
        return str(stored)
    return Sentence(
        str(stored["text"]),
        {
            name: read_sentence(value) if isinstance(value, Mapping) else str(value)
            for name, value in stored["params"].items()
        },
    )
