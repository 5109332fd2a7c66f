"""Prices from ENTSO-E's Publication_MarketDocument, as its API answers and its pages export (pure).

Curve type A01 gives every position; A03 leaves a position out when its price is that of the
position before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as ET

from billing.spot.areas import area_of
from billing.spot.facts import FileProblem, PriceFile, Problem, Slot
from billing.spot.numbers import price_of
from billing.spot.quarters import is_quarter

FORM: Final = "entsoe_xml"
_RESOLUTIONS: Final = {"PT15M": 15, "PT60M": 60, "PT1H": 60}
_POSITION: Final = "classificationSequence_AttributeInstanceComponent.position"
_DOCTYPE: Final = re.compile(r"<!(DOCTYPE|ENTITY)", re.I)
_MOST_POSITIONS: Final = 40_000


def is_xml(raw: bytes) -> bool:
    """Whether the file looks like XML."""
    return raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def read_price_xml(raw: bytes, area: str | None) -> PriceFile:
    """Slots of a document; ``area``, when given, must be the one it is about.

    Raises FileProblem when the document as a whole cannot be read or holds no prices.
    """
    root = _root(raw)
    if _name(root) == "Acknowledgement_MarketDocument":
        raise FileProblem("no_data", value=_reason(root))
    if _name(root) != "Publication_MarketDocument":
        raise FileProblem("other_document", value=_name(root)[:60])
    slots: list[Slot] = []
    problems: list[Problem] = []
    passed_over = 0
    for number_, series in enumerate(_children(root, "TimeSeries"), start=1):
        if _text(series, _POSITION) not in ("", "1"):
            passed_over += 1
            continue
        try:
            slots.extend(_series(series, number_, area))
        except FileProblem as error:
            problems.append(error.problem)
    if not slots and not problems:
        raise FileProblem("no_rows")
    return PriceFile(FORM, slots, tuple(problems), passed_over)


def _root(raw: bytes) -> ET.Element:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem("other_encoding") from error
    if _DOCTYPE.search(text):
        raise FileProblem("doctype")
    try:
        return ET.fromstring(text)  # noqa: S314 - without a document type nothing can be expanded
    except ET.ParseError as error:
        raise FileProblem("bad_xml", error.position[0]) from error


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (child for child in element if _name(child) == name)


def _text(element: ET.Element, *path: str) -> str:
    """The text of the first element of a path; empty where there is none."""
    for name in path:
        found = next(_children(element, name), None)
        if found is None:
            return ""
        element = found
    return (element.text or "").strip()


def _reason(root: ET.Element) -> str:
    reason = next(_children(root, "Reason"), None)
    return (
        "" if reason is None else f"{_text(reason, 'code')} {_text(reason, 'text')}".strip()[:200]
    )


def _series(series: ET.Element, line: int, area: str | None) -> list[Slot]:
    code = _text(series, "in_Domain.mRID")
    found = area_of(code)
    if found is None:
        raise FileProblem("unknown_area", line, value=code[:60])
    if area and found != area:
        raise FileProblem("other_area", line, value=found, area=area)
    currency, unit = _text(series, "currency_Unit.name"), _text(series, "price_Measure_Unit.name")
    if currency != "EUR":
        raise FileProblem("other_currency", line, value=currency[:60])
    if unit.upper() != "MWH":
        raise FileProblem("other_unit", line, value=unit[:60])
    fills = {"A01": False, "A03": True, "": False}.get(_text(series, "curveType"))
    if fills is None:
        raise FileProblem("curve_type", line, value=_text(series, "curveType")[:60])
    return [
        slot
        for period in _children(series, "Period")
        for slot in _period(period, line, found, fills=fills)
    ]


def _period(period: ET.Element, line: int, area: str, *, fills: bool) -> list[Slot]:
    resolution = _text(period, "resolution")
    minutes = _RESOLUTIONS.get(resolution)
    if minutes is None:
        raise FileProblem("resolution", line, value=resolution[:60])
    begin = _instant(_text(period, "timeInterval", "start"), line)
    end = _instant(_text(period, "timeInterval", "end"), line)
    step = timedelta(minutes=minutes)
    count = (end - begin) // step
    if not 0 < count <= _MOST_POSITIONS or begin + count * step != end or not is_quarter(begin):
        raise FileProblem("period", line, value=f"{begin:%Y-%m-%dT%H:%MZ}/{end:%Y-%m-%dT%H:%MZ}")
    prices = _points(period, line, count)
    slots = []
    price: Decimal | None = None
    for position in range(1, count + 1):
        price = prices.get(position, price if fills else None)
        if price is not None:
            slots.append(Slot(line, area, begin + (position - 1) * step, minutes, price))
    return slots


def _points(period: ET.Element, line: int, count: int) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for point in _children(period, "Point"):
        position, text = _text(point, "position"), _text(point, "price.amount")
        if not position.isdecimal() or len(position) > 6 or not 1 <= int(position) <= count:
            raise FileProblem("position", line, value=position[:60], most=count)
        if int(position) in found:
            raise FileProblem("position_twice", line, value=position)
        found[int(position)] = price_of(text, line)
    return found


def _instant(text: str, line: int) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise FileProblem("no_time", line, value=text[:60]) from error
    if at.tzinfo is None:
        raise FileProblem("no_time", line, value=text[:60])
    return at.astimezone(UTC)
