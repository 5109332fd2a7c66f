"""The three files: one line of names, then the rows, without a mark of the byte order."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import IO, Any, Final

from core.lists.cells import defused
from core.lists.export import ProducedFile
from stations.sites.models import Site
from stations.uptime.evchart.modules import HEADERS, outage_row, session_row, uptime_row
from stations.uptime.evchart.quarters import Quarter
from stations.uptime.evchart.selectors import PortQuarter, port_quarters, session_facts

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
_MEMORY: Final = 2_000_000


def produce(*, module: int, quarter: Quarter, provider: str, site: Site | None) -> ProducedFile:
    """The file of a module; ValueError for one that is not made here."""
    if module not in HEADERS:
        raise ValueError(module)
    ports = port_quarters(quarter=quarter, provider=provider, site=site)
    rows = _rows(module, ports, quarter, site)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115 - handed on
    count = _write(file, HEADERS[module], rows)
    file.seek(0)
    where = f"-{site.public_id}" if site else ""
    name = f"ev-chart-module{module}-{quarter}{where}.csv"
    return ProducedFile(name, CONTENT_TYPE, count, file)


def _write(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer: Any = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([defused(value) for value in row])
        count += 1
    text.detach()
    return count


def _rows(
    module: int, ports: Sequence[PortQuarter], quarter: Quarter, site: Site | None
) -> Iterator[tuple[str, ...]]:
    if module == 2:
        return session_rows(ports, quarter, site)
    if module == 3:
        return (uptime_row(port.ids, port.year, port.figures) for port in ports)
    return (row for port in ports for row in outage_rows(port))


def outage_rows(port: PortQuarter) -> Iterator[tuple[str, ...]]:
    """Each outage of a port in the quarter, or the row that says there was none."""
    if not port.pieces:
        yield outage_row(port.ids, None)
    for piece in port.pieces:
        yield outage_row(port.ids, piece, port.note(piece))


def session_rows(
    ports: Sequence[PortQuarter], quarter: Quarter, site: Site | None
) -> Iterator[tuple[str, ...]]:
    """Each session, then a row for each port that had none."""
    by_evse = {port.evse.pk: port.ids for port in ports}
    used = set()
    for evse, facts in session_facts(quarter=quarter, site=site):
        if evse in by_evse:
            used.add(evse)
            yield session_row(by_evse[evse], facts)
    for pk, ids in by_evse.items():
        if pk not in used:
            yield session_row(ids, None)
