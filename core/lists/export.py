"""Files of exactly what is filtered: CSV streamed row by row, XLSX from a temporary file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import IO, Any, Final

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from core.lists.cells import cell
from core.lists.sheets import MOST_ROWS, write_sheet
from core.lists.spec import CsvColumn, ListSpec
from core.tenancy.places import current_places, limited_to
from core.tenancy.scopes import operator_scope

CHUNK_ROWS: Final = 500
_CHUNK_BYTES: Final = 256 * 1024
_BOM: Final = "\N{BYTE ORDER MARK}"
_IN_MEMORY: Final = 2_000_000

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Formats of files by the end of their names, with their types."""


@dataclass(frozen=True, slots=True)
class ProducedFile:
    """A finished file, open at its beginning, and how many rows it holds."""

    name: str
    content_type: str
    row_count: int
    content: IO[bytes]


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterator[Any], columns: list[CsvColumn]) -> Iterator[str]:
    """Header and one line per row; starts with a byte order mark for spreadsheets."""
    writer = csv.writer(_Echo())
    yield _BOM + writer.writerow([column.name for column in columns])
    for row in rows:
        yield writer.writerow([cell(column.value(row)) for column in columns])


def file_name(what: str, extension: str) -> str:
    """Object and time in UTC."""
    return f"{what}-{timezone.now():%Y-%m-%dT%H%MZ}.{extension}"


def produce(
    spec: ListSpec, queryset: QuerySet[Any], columns: list[CsvColumn], extension: str
) -> ProducedFile:
    """The whole file at once, inside the caller's scope; dates in the current zone."""
    rows = queryset.iterator(chunk_size=CHUNK_ROWS)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed on
    if extension == "xlsx":
        count = write_sheet(file, str(spec.title), rows, columns)
    else:
        count = -1  # the header
        for line in csv_lines(rows, columns):
            file.write(line.encode())
            count += 1
    file.seek(0)
    return ProducedFile(file_name(spec.name, extension), FORMATS[extension], count, file)


def csv_response(
    what: str, header: Sequence[str], rows: Iterable[Iterable[object]]
) -> HttpResponse:
    """A download of rows that are at hand, in the cells of every other file."""
    text = io.StringIO()
    text.write(_BOM)
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse(text.getvalue(), content_type=FORMATS["csv"])
    response["Content-Disposition"] = f'attachment; filename="{file_name(what, "csv")}"'
    return response


def export_response(
    request: HttpRequest, spec: ListSpec, queryset: QuerySet[Any], columns: list[CsvColumn]
) -> StreamingHttpResponse:
    """The download that ``format`` asks for.

    Raises RuleViolation for more rows than a sheet holds.
    """
    extension = request.GET["format"]
    body: Iterator[str] | Iterator[bytes]
    if extension == "xlsx":
        body = file_chunks(produce(spec, queryset[: MOST_ROWS + 1], columns, extension).content)
    else:
        lines = csv_lines(queryset.iterator(chunk_size=CHUNK_ROWS), columns)
        body = _within_scope(getattr(request, "operator", None), current_places(), lines)
    return streamed(request, body, FORMATS[extension], file_name(spec.name, extension))


def streamed(
    request: HttpRequest, body: Iterator[str] | Iterator[bytes], content_type: str, name: str
) -> StreamingHttpResponse:
    """A download in pieces, whatever server runs it."""
    content: Any = _asynchronously(body) if isinstance(request, ASGIRequest) else body
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def file_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces; closed at its end."""
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _within_scope(
    operator: Any, places: frozenset[int] | None, lines: Iterator[str]
) -> Iterator[str]:
    """Each chunk is read inside the reader's scope: the request's own has ended by then."""
    while True:
        with operator_scope(operator) if operator else nullcontext(), limited_to(places):
            chunk = "".join(islice(lines, CHUNK_ROWS))
        if not chunk:
            return
        yield chunk


async def _asynchronously(
    chunks: Iterator[str] | Iterator[bytes],
) -> AsyncIterator[str | bytes]:
    """Read in the request's thread, so that the event loop stays free."""
    read: Callable[[], str | bytes] = partial(next, chunks, "")
    while chunk := await sync_to_async(read)():
        yield chunk
