"""Which commands set and read back values, batched as a version and a station allow (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from stations.hardware.keys import Place

T = TypeVar("T")
Parameters = dict[str, Any]

ITEMS_A_MESSAGE: Final = 10
"""Values in one SetVariables or GetVariables where the station has not told its limit."""
KEYS_A_READ: Final = 20
"""Keys in one GetConfiguration (1.6) where the station has not told GetConfigurationMaxKeys."""


def setting(version: str, wanted: Sequence[tuple[Place, str]], limit: int = 0) -> list[Parameters]:
    """Parameters of ``set_configuration``: one key a message in 1.6 (§5.3), several in 2.x."""
    if version == "1.6":
        return [{"key": place.key, "value": value} for place, value in wanted]
    return [
        {"items": [{"key": place.parameter, "value": value} for place, value in part]}
        for part in parts(wanted, limit or ITEMS_A_MESSAGE)
    ]


def reading(version: str, places: Sequence[Place], limit: int = 0) -> list[Parameters]:
    """Parameters of ``get_configuration`` for chosen places."""
    most = limit or (KEYS_A_READ if version == "1.6" else ITEMS_A_MESSAGE)
    return [{"keys": [place.parameter for place in part]} for part in parts(places, most)]


def parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """``rows`` in order, at most ``size`` at a time."""
    for at in range(0, len(rows), max(size, 1)):
        yield rows[at : at + max(size, 1)]
