"""The base map from a PMTiles file, of which browsers read the parts they need (RFC 9110, 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

MOST_BYTES: Final = 16 * 2**20
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class OutOfRange(Exception):
    """The file has none of the bytes that were asked for."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``first`` to ``last`` of a file, both included."""

    first: int
    last: int


def part_of(header: str, size: int) -> Part:
    """The part that the header Range asks for, of a file of ``size`` bytes.

    At most 16 MiB from its beginning; without a header, or with one that is not understood, from
    the file's beginning. OutOfRange where the part lies behind the end.
    """
    found = _RANGE.fullmatch(header.strip())
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        begin, end = 0, size - 1
    elif not first:
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last) if last else size - 1, size - 1)
    if begin > end:
        raise OutOfRange
    return Part(begin, min(end, begin + MOST_BYTES - 1))


@require_safe
def base_map(request: HttpRequest) -> HttpResponse:
    """A part of the file of MAP_PMTILES_PATH; 404 where none is set or it is gone.

    The map is public data and the same for everyone, so nobody has to be logged in: customers'
    and guests' pages show it too.
    """
    path = settings.MAP_PMTILES_PATH
    if path is None or not Path(path).is_file():
        raise Http404
    status = Path(path).stat()
    try:
        part = part_of(request.headers.get("range", ""), status.st_size)
    except OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{status.st_size}"})
    with Path(path).open("rb") as file:
        file.seek(part.first)
        content = file.read(part.last - part.first + 1)
    return HttpResponse(
        content,
        status=206,
        content_type="application/vnd.pmtiles",
        headers={
            "Accept-Ranges": "bytes",
            "Cache-Control": "public, max-age=3600",
            "Content-Range": f"bytes {part.first}-{part.last}/{status.st_size}",
            "ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"',
            "Last-Modified": http_date(status.st_mtime),
        },
    )
