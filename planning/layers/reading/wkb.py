"""Well-known binary as GeoJSON: points, lines, areas, and several of each (pure)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Final

from planning.layers.reading.table import FileError

_ENVELOPES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_NAMES: Final = {
    1: "Point", 2: "LineString", 3: "Polygon",
    4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon",
}  # fmt: skip
_MOST_POSITIONS: Final = 500_000


def read_geopackage_geometry(blob: Any) -> Mapping[str, Any] | None:
    """The geometry of a cell; None where it has none. Raises FileError."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or not blob.startswith(b"GP") or len(blob) < 8:
        raise FileError("not_geopackage")
    flags = blob[3]
    skip = _ENVELOPES.get((flags >> 1) & 7)
    if skip is None:
        raise FileError("not_geopackage")
    if flags & 16:
        return None
    return read_wkb(blob[8 + skip :])


def read_wkb(blob: bytes) -> Mapping[str, Any]:
    """A geometry; heights and measures are passed over. Raises FileError."""
    try:
        return _Reader(blob).geometry()
    except struct.error as error:
        raise FileError("not_geopackage") from error


class _Reader:
    def __init__(self, blob: bytes) -> None:
        self.blob, self.at, self.order, self.width = blob, 0, "<", 2

    def geometry(self, depth: int = 0) -> Mapping[str, Any]:
        self.order = "<" if self._take("B") else ">"
        code = int(self._take("I"))
        kind, extra = code & 0xFFFF, code >> 29
        self.width = 2 + (kind // 1000 in (1, 2)) + 2 * (kind // 1000 == 3)
        self.width += bool(extra & 4) + bool(extra & 2)
        name = _NAMES.get(kind % 1000)
        if name is None or depth > 1:
            raise FileError("strange_geometry")
        return {"type": name, "coordinates": self._coordinates(kind % 1000, depth)}

    def _coordinates(self, kind: int, depth: int) -> Any:
        if kind == 1:
            return self._position()
        if kind == 2:
            return [self._position() for _ in range(self._count(8 * self.width))]
        if kind == 3:
            return [
                [self._position() for _ in range(self._count(8 * self.width))]
                for _ in range(self._count(4))
            ]
        return [self.geometry(depth + 1)["coordinates"] for _ in range(self._count(5))]

    def _position(self) -> list[float]:
        size = 8 * self.width
        values = struct.unpack_from(f"{self.order}{self.width}d", self.blob, self.at)
        self.at += size
        return [values[0], values[1]]

    def _count(self, least: int) -> int:
        """A number of parts that the rest of the bytes can hold."""
        count = int(self._take("I"))
        if count > _MOST_POSITIONS or count * least > len(self.blob) - self.at:
            raise FileError("not_geopackage")
        return count

    def _take(self, form: str) -> Any:
        order = "<" if form == "B" else self.order
        found = struct.unpack_from(f"{order}{form}", self.blob, self.at)[0]
        self.at += struct.calcsize(f"{order}{form}")
        return found
