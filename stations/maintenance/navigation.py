"""Links that lead a phone to a place (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Way:
    """``maps``: route in whatever map a browser opens; ``geo``: the phone's own map (RFC 5870),
    empty where no coordinates are known."""

    maps: str
    geo: str


def way_to(
    *, latitude: Decimal | None, longitude: Decimal | None, name: str, address: str
) -> Way | None:
    """By coordinates, else by the address; None where neither is known."""
    if latitude is not None and longitude is not None:
        point = f"{latitude:.6f},{longitude:.6f}"
        return Way(
            f"https://www.google.com/maps/dir/?api=1&destination={quote(point)}",
            f"geo:{point}?q={point}({quote(name, safe='')})",
        )
    if not address.strip(" ,"):
        return None
    return Way(f"https://www.google.com/maps/dir/?api=1&destination={quote(address)}", "")
