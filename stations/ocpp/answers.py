"""What a station's answer to a command means for our records."""

from __future__ import annotations


def apply_answer(command_id: int) -> None:
    """Book the answer of command ``command_id`` (primary key) where it belongs."""
