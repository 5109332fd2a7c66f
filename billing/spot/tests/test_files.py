"""Files of prices and rates: every form is read, every flaw is named, clocks may change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.spot.areas import AREAS, area_of
from billing.spot.facts import FileProblem, PriceFile, Problem
from billing.spot.price_csv import read_price_csv
from billing.spot.price_xml import read_price_xml
from billing.spot.quarters import day_bounds, day_quarters, ranges, shown
from billing.spot.rate_csv import read_rate_csv
from billing.spot.series import missing, spread

SPRING, AUTUMN, PLAIN = date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 2)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def problems(file: PriceFile) -> list[tuple[str, str]]:
    """Everything wrong with the series, as code and what is named."""
    points, twice = spread(file.slots)
    found: list[Problem] = [*file.problems, *twice, *missing(points, ())]
    return [(one.code, str(one.params.get("when", one.params.get("value", "")))) for one in found]


def prices(file: PriceFile) -> dict[datetime, Decimal]:
    return {point.starts_at: point.price for point in spread(file.slots)[0]}


def local_hours(day: date, skip: int | None = None) -> list[str]:
    return [f"{day} {hour:02d}:00" for hour in range(24) if hour != skip]


def own_csv(times: list[str]) -> str:
    rows = [f"{time};SE3;{number},50" for number, time in enumerate(times)]
    return "\n".join(["starts_at;area;price", *rows])


def entsoe_csv(rows: list[tuple[str, str]], area: str = "BZN|SE3") -> str:
    head = (
        '"MTU (CET/CEST)","Area","Sequence","Day-ahead Price (EUR/MWh)",'
        '"Intraday Period (CET/CEST)","Intraday Price (EUR/MWh)"'
    )
    lines = [f'"{mtu}","{area}","Without Sequence","{price}","",""' for mtu, price in rows]
    return "\n".join([head, *lines])


def xml(
    day: date,
    points: dict[int, str],
    *,
    curve: str = "A03",
    resolution: str = "PT15M",
    currency: str = "EUR",
    area: str = "SE3",
    sequence: str = "",
) -> bytes:
    begin, end = day_bounds(day)
    position = (
        "<classificationSequence_AttributeInstanceComponent.position>"
        f"{sequence}</classificationSequence_AttributeInstanceComponent.position>"
        if sequence
        else ""
    )
    body = "".join(
        f"<Point><position>{at}</position><price.amount>{price}</price.amount></Point>"
        for at, price in points.items()
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">
  <type>A44</type>
  <TimeSeries>
    <mRID>1</mRID>{position}
    <in_Domain.mRID codingScheme="A01">{AREAS[area]}</in_Domain.mRID>
    <currency_Unit.name>{currency}</currency_Unit.name>
    <price_Measure_Unit.name>MWH</price_Measure_Unit.name>
    <curveType>{curve}</curveType>
    <Period>
      <timeInterval><start>{begin:%Y-%m-%dT%H:%MZ}</start><end>{end:%Y-%m-%dT%H:%MZ}</end></timeInterval>
      <resolution>{resolution}</resolution>{body}
    </Period>
  </TimeSeries>
</Publication_MarketDocument>""".encode()


def test_days_have_92_96_or_100_quarters_that_follow_each_other() -> None:
    assert [len(day_quarters(day)) for day in (SPRING, PLAIN, AUTUMN)] == [92, 96, 100]
    for day in (SPRING, PLAIN, AUTUMN):
        assert ranges(day_quarters(day)) == [day_bounds(day)]


@pytest.mark.parametrize(
    ("begin", "minutes", "words"),
    [
        ("2026-10-25T00:00", 60, "2026-10-25 02:00–03:00 CEST"),
        ("2026-10-25T01:00", 60, "2026-10-25 02:00–03:00 CET"),
        ("2026-11-02T22:00", 60, "2026-11-02 23:00–24:00 CET"),
        ("2026-11-01T23:00", 1440, "2026-11-02 00:00–24:00 CET"),
        ("2026-03-29T00:00", 120, "2026-03-29 01:00 CET – 04:00 CEST"),
        ("2026-11-02T22:00", 120, "2026-11-02 23:00 CET – 2026-11-03 01:00 CET"),
    ],
)
def test_an_interval_is_named_so_that_equal_hours_differ(
    begin: str, minutes: int, words: str
) -> None:
    assert shown(utc(begin), utc(begin) + timedelta(minutes=minutes)) == words


def test_areas_are_known_by_name_and_code() -> None:
    names = ("se3", "SE_3", "BZN|SE3", "10Y1001A1001A46L", "DE_LU")

    assert [area_of(name) for name in names] == ["SE3", "SE3", "SE3", "SE3", "DE-LU"]
    assert area_of("SE5") is None


def test_hours_become_four_quarters_of_one_price() -> None:
    file = read_price_csv(own_csv(local_hours(PLAIN)), None)
    found = prices(file)

    assert problems(file) == []
    assert len(found) == 96
    assert found[utc("2026-11-02T09:45")] == Decimal("10.50")


def test_an_hour_that_is_left_out_is_named() -> None:
    file = read_price_csv(own_csv(local_hours(PLAIN, skip=5)), None)

    assert problems(file) == [("missing", "2026-11-02 05:00–06:00 CET")]


def test_an_hour_that_occurs_twice_is_named_with_both_lines() -> None:
    text = own_csv([*local_hours(PLAIN), f"{PLAIN} 07:00"])
    _points, (twin,) = spread(read_price_csv(text, None).slots)

    assert (twin.code, twin.line, twin.params["line"]) == ("twice", 26, 9)
    assert twin.params["when"] == "2026-11-02 07:00–08:00 CET"


def test_in_spring_the_hour_that_never_was_is_named_and_nothing_else() -> None:
    good = read_price_csv(own_csv(local_hours(SPRING, skip=2)), None)
    bad = read_price_csv(own_csv(local_hours(SPRING)), None)

    assert problems(good) == []
    assert len(prices(good)) == 92
    assert [(one.code, one.line) for one in bad.problems] == [("skipped_hour", 4)]


def test_in_autumn_the_first_of_two_equal_hours_is_summer_time() -> None:
    hours = local_hours(AUTUMN)
    whole = read_price_csv(own_csv([*hours[:3], hours[2], *hours[3:]]), None)
    once = read_price_csv(own_csv(hours), None)
    found = prices(whole)

    assert problems(whole) == []
    assert (found[utc("2026-10-25T00:00")], found[utc("2026-10-25T01:00")]) == (
        Decimal("2.50"),
        Decimal("3.50"),
    )
    assert problems(once) == [("missing", "2026-10-25 02:00–03:00 CET")]


def test_the_export_of_entsoe_is_read_through_the_change_of_clocks() -> None:
    begin, _end = day_bounds(AUTUMN)
    rows = []
    for number in range(100):
        at = begin + number * timedelta(minutes=15)
        later = at + timedelta(minutes=15)
        hours = 2 if at < utc("2026-10-25T01:00") else 1
        mark = " (CEST)" if hours == 2 else " (CET)"
        after = 2 if later < utc("2026-10-25T01:00") else 1
        rows.append((
            f"{at + timedelta(hours=hours):%d/%m/%Y %H:%M:%S}{mark} - "
            f"{later + timedelta(hours=after):%d/%m/%Y %H:%M:%S}",
            f"{number - 3}.25",
        ))  # fmt: skip
    file = read_price_csv(entsoe_csv(rows), None)

    assert problems(file) == []
    assert prices(file)[begin] == Decimal("-3.25")
    assert {slot.minutes for slot in file.slots} == {15}


def test_rows_of_other_auctions_are_passed_over_and_empty_prices_named() -> None:
    text = entsoe_csv([("02/11/2026 00:00:00 - 02/11/2026 01:00:00", "n/e")])
    other = text.splitlines()[1].replace("Without Sequence", "Sequence 2")
    file = read_price_csv(f"{text}\n{other}", None)

    assert file.passed_over == 1
    assert [(one.code, one.line) for one in file.problems] == [("no_price", 2)]


def test_a_left_out_position_is_the_price_before_in_a03_and_missing_in_a01() -> None:
    points = {1: "50.10", 5: "-1.5", 97 - 4: "7"}
    filled = prices(read_price_xml(xml(PLAIN, points), None))
    bare = read_price_xml(xml(PLAIN, points, curve="A01"), None)
    begin, end = day_bounds(PLAIN)

    assert len(filled) == 96
    assert filled[begin + timedelta(minutes=45)] == Decimal("50.10")
    assert filled[begin + timedelta(hours=1)] == Decimal("-1.5")
    assert filled[end - timedelta(minutes=15)] == 7
    assert ("missing", "2026-11-02 00:15–01:00 CET") in problems(bare)


def test_hourly_documents_and_days_of_23_and_25_hours_are_read() -> None:
    for day, hours in ((SPRING, 23), (AUTUMN, 25)):
        file = read_price_xml(
            xml(day, {n: str(n) for n in range(1, hours + 1)}, resolution="PT60M"), "SE3"
        )
        assert problems(file) == []
        assert len(prices(file)) == hours * 4


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"<a>", "bad_xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "doctype"),
        (b"<GL_MarketDocument/>", "other_document"),
        (b"<Acknowledgement_MarketDocument><Reason><code>999</code></Reason>"
         b"</Acknowledgement_MarketDocument>", "no_data"),
        (b"<Publication_MarketDocument/>", "no_rows"),
        (b"<a>\xff</a>", "other_encoding"),
    ],
)  # fmt: skip
def test_documents_that_are_none_are_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as refusal:
        read_price_xml(raw, None)

    assert refusal.value.problem.code == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (xml(PLAIN, {1: "1"}, currency="SEK"), "other_currency"),
        (xml(PLAIN, {97: "1"}), "position"),
        (xml(PLAIN, {1: "x"}), "no_number"),
        (xml(PLAIN, {1: "1"}, resolution="PT30M"), "resolution"),
        (xml(PLAIN, {1: "1"}, curve="A02"), "curve_type"),
        (xml(PLAIN, {1: "1"}, area="SE4"), "other_area"),
        (xml(PLAIN, {1: "99999"}), "implausible_price"),
    ],
)
def test_what_is_wrong_in_a_document_is_named(raw: bytes, code: str) -> None:
    assert [one.code for one in read_price_xml(raw, "SE3").problems] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("starts_at;price", "no_rows"),
        ("starts_at;area", "no_price_column"),
        ("price;area", "no_start_column"),
        ("starts_at;price;colour", "unknown_column"),
        ("starts_at;öre/kWh", "other_unit"),
        ("starts_at;start;price", "column_twice"),
        ('"MTU (CET/CEST)","Day-ahead Price [GBP/MWh]"', "other_unit"),
        ('starts_at;price\n"x', "bad_csv"),
    ],
)
def test_csv_that_is_none_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(FileProblem) as refusal:
        read_price_csv(text, "SE3")

    assert refusal.value.problem.code == code


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-11-02 00:07;1", "no_quarter"),
        ("yesterday;1", "no_time"),
        ("2026-11-02;1", "no_time"),
        ("2026-11-02 00:00;1.234,5", "no_number"),
        ("2026-11-02 00:00;12345", "implausible_price"),
        ("2026-11-02 00:00;1.12345678", "decimals"),
        ("2026-11-02 00:00", "short_row"),
        ("2026-11-02 00:00;", "no_price"),
    ],
)
def test_what_is_wrong_in_a_row_is_named_with_its_line(row: str, code: str) -> None:
    file = read_price_csv(f"starts_at;price\n{row}", "SE3")

    assert [(one.code, one.line) for one in file.problems] == [(code, 2)]


@given(st.integers(0, 2), st.permutations(range(92)), st.booleans())
def test_whatever_the_order_of_rows_in_utc_a_whole_day_is_whole(
    which: int, order: list[int], drops: bool
) -> None:
    day = (SPRING, PLAIN, AUTUMN)[which]
    starts = day_quarters(day)
    chosen = [starts[n] for n in order] + starts[92:]
    gone = chosen.pop() if drops else None
    rows = "\n".join(f"{at:%Y-%m-%dT%H:%MZ},1" for at in chosen)
    file = read_price_csv(f"starts_at,price,minutes\n{rows}".replace("Z,1", "Z,1,15"), "FI")

    found = problems(file)

    assert (found == []) is (gone is None)
    assert len(prices(file)) == len(starts) - (gone is not None)


def test_rates_are_read_in_both_forms_and_flaws_are_named() -> None:
    own = read_rate_csv(
        "date,currency,rate\n2026-11-02,SEK,11.25\n2026-11-02,sek,11.3\n2026-11-03,SEK,0"
    )
    wide = read_rate_csv(
        "Date, USD, SEK, \n02 November 2026, 1.05, N/A, \n2026-11-03, 1.06, 11.2, "
    )

    assert [(one.code, one.line) for one in own.problems] == [
        ("implausible_rate", 4),
        ("rate_twice", 3),
    ]
    assert [(one.currency, one.published_on, str(one.rate)) for one in wide.rates] == [
        ("USD", date(2026, 11, 2), "1.05"),
        ("USD", date(2026, 11, 3), "1.06"),
        ("SEK", date(2026, 11, 3), "11.2"),
    ]
    with pytest.raises(FileProblem):
        read_rate_csv("a,b\n1,2")
