"""A map of a plan as shapes of an SVG: land, demand by what part of it is reached, sites (pure)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from planning.layers.land import OUTLINE

WIDTH: Final = 480.0
_LEAST, _MOST = 1.6, 11.0
_TONES: Final = ((0.999, "on"), (0.001, "part"), (-1.0, "off"))


@dataclass(frozen=True, slots=True)
class Circle:
    """A place: its middle, radius and tone (on: reached, part, off), or the number of a site."""

    x: str
    y: str
    radius: str
    tone: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn, in units of its box."""

    width: str
    height: str
    land: str
    dots: tuple[Circle, ...]
    sites: tuple[Circle, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """From degrees to the box: longitudes shrink as at the middle latitude."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Right and down in the box."""
        return (
            (longitude - self.west) * self.squeeze * self.scale,
            (self.north - latitude) * self.scale,
        )


def drawings(
    dots: Sequence[Sequence[float]], sites: Sequence[tuple[float, float]]
) -> tuple[Drawing, Drawing]:
    """The demand as it is reached before and after the plan; sites only after it."""
    frame = frame_of([*((one[0], one[1]) for one in dots), *sites])
    most = max((one[2] for one in dots), default=0.0)
    today = Drawing(
        _text(WIDTH),
        _text(frame.height),
        land_in(frame),
        tuple(_dot(frame, one, most, one[3]) for one in dots),
        (),
    )
    planned = replace(
        today,
        dots=tuple(_dot(frame, one, most, one[4]) for one in dots),
        sites=tuple(_site(frame, one, at) for at, one in enumerate(sites, 1)),
    )
    return today, planned


def frame_of(places: Sequence[tuple[float, float]]) -> Frame:
    """Around all places, with a margin; at most twice as high as wide."""
    west, east = min(one[0] for one in places), max(one[0] for one in places)
    south, north = min(one[1] for one in places), max(one[1] for one in places)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide = max((east - west) * squeeze, (north - south) / 2, 0.05)
    margin = 0.08 * wide
    middle = (west + east) / 2
    span = wide + 2 * margin
    scale = WIDTH / span
    height = max((north - south) + 2 * margin, span * 0.6)
    top = (south + north) / 2 + height / 2
    return Frame(middle - span / 2 / squeeze, top, scale, squeeze, height * scale)


def land_in(frame: Frame) -> str:
    """The path of the land that the frame shows."""
    parts = []
    for ring in _rings():
        line = [frame.at(longitude, latitude) for longitude, latitude in ring]
        right, down = [one[0] for one in line], [one[1] for one in line]
        if max(right) < 0 or min(right) > WIDTH or max(down) < 0 or min(down) > frame.height:
            continue
        kept = _thinned(line)
        if len(kept) > 2:
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z")
    return "".join(parts)


def _thinned(line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without what the eye cannot tell, and without detail outside the box."""
    kept = [line[0]]
    for point in line[1:]:
        outside = not (-40 < point[0] < WIDTH + 40 and -40 < point[1] < 1100)
        if math.dist(point, kept[-1]) >= (30.0 if outside else 0.8):
            kept.append(point)
    return kept


@lru_cache(maxsize=1)
def _rings() -> tuple[tuple[tuple[float, float], ...], ...]:
    found: list[tuple[tuple[float, float], ...]] = []
    for feature in json.loads(OUTLINE.read_bytes())["features"]:
        geometry: dict[str, Any] = feature["geometry"]
        parts = geometry["coordinates"]
        found.extend(
            tuple((float(one[0]), float(one[1])) for one in rings[0])
            for rings in (parts if geometry["type"] == "MultiPolygon" else [parts])
        )
    return tuple(found)


def _dot(frame: Frame, one: Sequence[float], most: float, share: float) -> Circle:
    x, y = frame.at(one[0], one[1])
    size = _LEAST + (_MOST - _LEAST) * math.sqrt(one[2] / most) if most > 0 else _LEAST
    tone = next(tone for least, tone in _TONES if share > least)
    return Circle(_text(x), _text(y), _text(size), tone)


def _site(frame: Frame, one: tuple[float, float], rank: int) -> Circle:
    x, y = frame.at(*one)
    return Circle(_text(x), _text(y), "8", text=str(rank))


def _text(value: float) -> str:
    return f"{value:.1f}"
