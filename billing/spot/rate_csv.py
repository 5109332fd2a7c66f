"""Exchange rates from CSV: our own columns, or the European Central Bank's table (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from billing.spot.csv_rows import rows
from billing.spot.facts import FileProblem, Problem, Rate, RateFile
from billing.spot.numbers import is_nothing, number

OWN, ECB = "csv", "ecb_csv"
BASE: Final = "EUR"
_DAY: Final = {"date", "published_on", "datum", "on"}
_CURRENCY: Final = {"currency", "valuta"}
_RATE: Final = {"rate", "kurs", "value"}
_TOLERATED: Final = {"base", "source", "imported_at", "is_own"}
_CODE: Final = re.compile(r"[A-Z]{3}")
_MOST_RATE: Final = 1_000_000


def read_rate_csv(text: str) -> RateFile:
    """Rates of a CSV file, in units for one euro. Raises FileProblem when it is no such file."""
    lines = rows(text)
    first = next(lines, None)
    if first is None:
        raise FileProblem("empty_file")
    heads = first[1]
    names = [head.casefold() for head in heads]
    if any(name in _RATE for name in names):
        form, found = OWN, _own(names, heads, lines)
    else:
        form, found = ECB, _wide(heads, lines)
    rates: list[Rate] = []
    problems: list[Problem] = []
    for item in found:
        if isinstance(item, Rate):
            rates.append(item)
        else:
            problems.append(item)
    if not rates and not problems:
        raise FileProblem("no_rows")
    return RateFile(form, rates, (*problems, *_twins(rates)))


def _own(
    names: list[str], heads: list[str], lines: Iterator[tuple[int, list[str]]]
) -> Iterator[Rate | Problem]:
    for head, name in zip(heads, names, strict=True):
        if name not in _DAY | _CURRENCY | _RATE | _TOLERATED:
            raise FileProblem("unknown_column", 1, value=head[:60])
    places = [
        next((n for n, name in enumerate(names) if name in wanted), -1)
        for wanted in (_DAY, _CURRENCY, _RATE)
    ]
    if min(places) < 0:
        raise FileProblem("rate_columns", 1)
    for line, cells in lines:
        if len(cells) <= max(places):
            yield Problem("short_row", line)
            continue
        day, currency, rate = (cells[place] for place in places)
        yield _rate(line, day, currency, rate)


def _wide(heads: list[str], lines: Iterator[tuple[int, list[str]]]) -> Iterator[Rate | Problem]:
    """One row a day, one column a currency; cells without a rate are left out."""
    if heads[0].casefold() not in _DAY or not any(_CODE.fullmatch(head) for head in heads[1:]):
        raise FileProblem("rate_columns", 1)
    for line, cells in lines:
        for head, cell in zip(heads[1:], cells[1:], strict=False):
            if _CODE.fullmatch(head) and not is_nothing(cell):
                yield _rate(line, cells[0], head, cell)


def _rate(line: int, day: str, currency: str, text: str) -> Rate | Problem:
    on = _date(day)
    if on is None:
        return Problem("no_date", line, {"value": day[:60]})
    code = currency.upper()
    if not _CODE.fullmatch(code) or code == BASE:
        return Problem("unknown_currency", line, {"value": currency[:60]})
    rate = number(text)
    if rate is None:
        return Problem("no_number", line, {"value": text[:60]})
    if not 0 < rate < _MOST_RATE:
        return Problem("implausible_rate", line, {"value": text[:60]})
    return Rate(line, code, on, rate)


def _date(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d %B %Y", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _twins(rates: list[Rate]) -> list[Problem]:
    first: dict[tuple[str, date], int] = {}
    problems = []
    for rate in rates:
        line = first.setdefault((rate.currency, rate.published_on), rate.line)
        if line != rate.line:
            params = {"line": line, "currency": rate.currency, "day": rate.published_on.isoformat()}
            problems.append(Problem("rate_twice", rate.line, params))
    return problems
