"""Whether two spellings of a configuration value mean the same (pure)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

UNORDERED = "MemberList"
"""The data type of 2.0.1 whose members have no order."""


def same_value(desired: str, actual: str, data_type: str = "") -> bool:
    """Equal but for blanks, the case of true and false, and the spelling of numbers; lists
    member by member, in any order where the data type has none."""
    if desired == actual:
        return True
    wanted, told = _members(desired), _members(actual)
    if data_type == UNORDERED:
        wanted, told = sorted(wanted), sorted(told)
    return wanted == told


def _members(text: str) -> list[str]:
    return [_plain(member) for member in text.split(",")] if "," in text else [_plain(text)]


def _plain(text: str) -> str:
    stripped = text.strip()
    if stripped.lower() in ("true", "false"):
        return stripped.lower()
    try:
        number = Decimal(stripped)
    except InvalidOperation:
        return stripped
    return f"{number.normalize():f}" if number.is_finite() else stripped
