"""A message with a button that takes back what was just done.

For small changes that a second post of the same kind reverses. The button posts to an ordinary
address, so that permission, audit and refusals are those of any other post; the page takes it away
after five seconds (static/js/undo.js), and the next page has it no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

Values = Mapping[str, str | Sequence[str]]


def tell_done(request: HttpRequest, text: str, *, undo: str, values: Values) -> None:
    """A message of success; ``undo`` is the address, ``values`` what is posted there."""
    pairs = [
        [name, one]
        for name, value in values.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    messages.success(request, text, extra_tags=json.dumps({"undo": undo, "values": pairs}))


def undo_of(message: Any) -> dict[str, Any] | None:
    """The address and pairs of a message that can be undone."""
    told = getattr(message, "extra_tags", "") or ""
    return json.loads(told) if told.startswith('{"undo": ') else None
