"""The garbage collector of processes that live long and have loaded much."""

from __future__ import annotations

import gc
from typing import Final

NEW_OBJECTS: Final = 20_000
"""Before a first look at the new ones; Python's own 700 means hundreds of looks a batch."""


def calm_collector() -> None:
    """Keep it from walking everything that was loaded at start, again and again: a full
    collection took a tenth of a second, in the middle of a batch or of a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)
