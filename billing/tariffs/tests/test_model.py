"""Tariffs as documents: read, written, the same again."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rating.tests.pairs import random_tariff
from billing.tariffs.model import (
    DEFAULT_IDLE,
    DEFAULT_MINIMUM,
    Element,
    Extras,
    Tariff,
    TariffError,
    canonical_json,
    content_hash,
    dump_tariff,
    parse_tariff,
)

PRICE = {"type": "ENERGY", "price": 4.05, "vat": 25, "step_size": 1}
DOCUMENT = {"currency": "SEK", "elements": [{"price_components": [PRICE]}], "tax_included": "NO"}
TWICE = ("duplicate_component", "elements[0].price_components[1]")
VAT = ("bad_number", "elements[0].price_components[0].vat")
SPOT = {
    "area": "SE3",
    "averaging": "quarter",
    "vat": 25,
    "mark_up": [
        {"price": 0.1, "from": "2026-07-01"},
        {"price": 0.08, "to": "2026-07-01", "source": "contract 12"},
    ],
    "energy_tax": [{"price": 0.36, "from": "2026-01-01", "to": "2027-01-01"}],
    "floor": None,
}


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**9))
def test_any_tariff_reads_back_as_it_was(seed: int) -> None:
    known = with_possible_elements(random_tariff(random.Random(seed)))

    again = parse_tariff(dump_tariff(known))

    assert again == known
    assert content_hash(again) == content_hash(known)
    assert parse_tariff(dump_tariff(known, "2.2.1")) == replace(known, tax_included="NO")


def with_possible_elements(tariff: Tariff) -> Tariff:
    """The tariff with as many of its elements as go together."""
    kept: tuple[Element, ...] = ()
    spotless = replace(tariff, extras=replace(tariff.extras, spot=None))
    for element in tariff.elements:
        try:
            more = replace(spotless, elements=(*kept, element))
            kept = parse_tariff(dump_tariff(more)).elements
        except TariffError:
            continue
    return replace(spotless, elements=kept) if kept else parse_tariff(DOCUMENT)


def test_own_fields_read_back() -> None:
    extras = Extras(idle=DEFAULT_IDLE, minimum=DEFAULT_MINIMUM, allow_negative=True)
    tariff = Tariff(currency="SEK", elements=parse_tariff(DOCUMENT).elements, extras=extras)

    assert parse_tariff(dump_tariff(tariff)) == tariff
    assert "extras" not in dump_tariff(tariff, extras=False)


def test_spot_terms_read_back_in_order_of_time() -> None:
    spot = parse_tariff({"currency": "SEK", "elements": [], "extras": {"spot": SPOT}})

    assert parse_tariff(dump_tariff(spot)) == spot
    assert spot.extras.spot is not None
    assert [one.price for one in spot.extras.spot.mark_up] == [Decimal("0.08"), Decimal("0.1")]
    assert spot.extras.spot.floor is None


def test_floats_of_json_are_read_by_their_digits() -> None:
    tariff = parse_tariff(DOCUMENT)

    assert tariff.elements[0].price_components[0].price == Decimal("4.05")
    assert dump_tariff(tariff)["elements"][0]["price_components"][0]["price"] == 4.05


def test_hash_tells_documents_apart_and_forgives_their_form() -> None:
    same = {**DOCUMENT, "elements": [{"price_components": [{**PRICE, "price": "4.050"}]}]}
    other = {**DOCUMENT, "elements": [{"price_components": [{**PRICE, "price": "4.06"}]}]}

    assert content_hash(parse_tariff(same)) == content_hash(parse_tariff(DOCUMENT))
    assert content_hash(parse_tariff(other)) != content_hash(parse_tariff(DOCUMENT))
    assert " " not in canonical_json(parse_tariff(DOCUMENT))


def test_version_2_2_1_is_written_with_its_names() -> None:
    tariff = parse_tariff({**DOCUMENT, "min_price": {"excl_vat": 1, "incl_vat": 1.25}})

    old = dump_tariff(tariff, "2.2.1")

    assert old["min_price"] == {"excl_vat": 1, "incl_vat": 1.25}
    assert "tax_included" not in old
    assert dump_tariff(tariff)["min_price"] == {"before_taxes": 1, "after_taxes": 1.25}


def test_unknown_members_of_the_tariff_are_passed_over() -> None:
    assert parse_tariff({**DOCUMENT, "vendor": {"x": 1}}) == parse_tariff(DOCUMENT)


@pytest.mark.parametrize(
    ("extras", "code", "at"),
    [
        ({"spot": {"area": "SE3"}}, "two_defaults", "extras.spot"),
        (
            {"spot": SPOT, "announced_afterwards": True},
            "contradiction",
            "extras.announced_afterwards",
        ),
        ({"spot": {**SPOT, "grid_fee": [{}]}}, "missing", "extras.spot.grid_fee[0].price"),
        (
            {"spot": {**SPOT, "grid_fee": [{"price": 1}, {"price": 2}]}},
            *("overlap", "extras.spot.grid_fee"),
        ),
        (
            {
                "spot": {
                    **SPOT,
                    "grid_fee": [{"price": 1, "from": "2026-02-01", "to": "2026-01-01"}],
                }
            },
            *("ends_before_start", "extras.spot.grid_fee[0]"),
        ),
        ({"minimum": {"energy_wh": 1.5}}, "bad_number", "extras.minimum.energy_wh"),
        (
            {"idle": {"free_hours": [{"start_time": "08:00", "end_time": "08:00"}]}},
            *("impossible_restriction", "extras.idle.free_hours[0]"),
        ),
        ({"idle": {"cap": -1}}, "too_small", "extras.idle.cap"),
        ({"free": True}, "unknown_field", "extras.free"),
    ],
)
def test_bad_own_fields(extras: dict[str, object], code: str, at: str) -> None:
    with pytest.raises(TariffError) as caught:
        parse_tariff({**DOCUMENT, "extras": extras})

    assert (caught.value.code, caught.value.at) == (code, at)


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ({"type": "AD_HOC_PAYMENT"}, "contradiction", "extras.announced_afterwards"),
        ({"elements": [{"price_components": [PRICE, PRICE]}]}, *TWICE),
        ({"elements": 5}, "not_a_list", "elements"),
        ({"elements": [{"price_components": [PRICE]}] * 1001}, "too_many", "elements"),
        ({"elements": [{"price_components": [{**PRICE, "vat": 101}]}]}, *VAT),
        ({"id": "x" * 300}, "bad_text", "id"),
        ({"min_price": {}}, "missing", "min_price.before_taxes"),
        (
            {"min_price": {"before_taxes": 5}, "max_price": {"before_taxes": 4}},
            *("impossible_limit", "max_price"),
        ),
        ({"tariff_alt_text": [{"text": "x"}]}, "missing", "tariff_alt_text[0].language"),
        ({"energy_mix": 5}, "not_an_object", "energy_mix"),
    ],
)
def test_bad_tariff(change: dict[str, object], code: str, at: str) -> None:
    with pytest.raises(TariffError) as caught:
        parse_tariff({**DOCUMENT, "extras": {"announced_afterwards": True}, **change})

    assert (caught.value.code, caught.value.at) == (code, at)


def test_words_and_mix_for_partners_are_kept() -> None:
    more = {
        "country_code": "SE",
        "party_id": "ABC",
        "id": "t-1",
        "type": "REGULAR",
        "tariff_alt_text": [{"language": "sv", "text": "Fyra kronor"}],
        "tariff_alt_url": "https://example.org/price",
        "start_date_time": "2026-06-01T00:00:00Z",
        "end_date_time": "2026-07-01T00:00:00Z",
        "energy_mix": {"is_green_energy": True},
        "preauthorize_amount": 500,
        "last_updated": "2026-05-01T00:00:00Z",
    }

    written = dump_tariff(parse_tariff({**DOCUMENT, **more}))

    assert {name: written[name] for name in more} == more


@pytest.mark.parametrize(
    ("day", "ok"), [("2026-02-28", True), ("2026-02-30", False), ("26-02-28", False), (5, False)]
)
def test_dates_of_restrictions(day: object, ok: bool) -> None:
    element = {"price_components": [PRICE], "restrictions": {"start_date": day}}

    if ok:
        assert parse_tariff({**DOCUMENT, "elements": [element]}).elements
    else:
        with pytest.raises(TariffError, match="YYYY-MM-DD"):
            parse_tariff({**DOCUMENT, "elements": [element]})


def test_numbers_too_long_for_a_float_are_written_as_text() -> None:
    price = {**PRICE, "price": "0.12345678901234567891"}
    tariff = parse_tariff({**DOCUMENT, "elements": [{"price_components": [price]}]})

    written = dump_tariff(tariff)

    assert written["elements"][0]["price_components"][0]["price"] == "0.12345678901234567891"
    assert parse_tariff(written) == tariff
