"""Who pays: the nearest holder's account of the day, whatever came before and after."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from customers.attribution.payer import Holder, Payer, PayerFacts, Span, Why, payer_of

DAY = date(2026, 6, 15)
OWN = Span(1, "Dina", None, None)
FORMER = Span(2, "Former", None, date(2026, 6, 14))
COMING = Span(3, "Coming", date(2026, 6, 16), None)
FIRM = Span(4, "Firm")


def ask(**facts: object) -> Payer:
    values = {"day": DAY, "token": "A1", "is_known": True, "purpose": "customer"} | facts
    return payer_of(PayerFacts(**values))  # type: ignore[arg-type]  # values of many types


@pytest.mark.parametrize(
    ("facts", "account", "codes"),
    [
        ({"token": ""}, None, [Why.NO_TOKEN]),
        ({"is_known": False}, None, [Why.UNKNOWN_TOKEN]),
        ({}, None, [Why.TOKEN_OF_NOBODY, Why.NOBODY_PAYS]),
        (
            {"driver": Holder("D", [OWN]), "company": Holder("C", [FIRM])},
            1,
            [Why.TOKEN_OF_DRIVER, Why.DRIVER_PAYS, Why.IN_NO_GROUP],
        ),
        (
            {"driver": Holder("D", [FORMER, COMING]), "company": Holder("C", [FIRM])},
            4,
            [Why.TOKEN_OF_DRIVER, Why.DRIVER_HAS_NONE, Why.COMPANY_PAYS, Why.IN_NO_GROUP],
        ),
        (
            {"company": Holder("C", [FIRM])},
            4,
            [Why.TOKEN_OF_COMPANY, Why.COMPANY_PAYS, Why.IN_NO_GROUP],
        ),
        (
            {"driver": Holder("D", [COMING]), "is_owner_of_today": True},
            None,
            [Why.TOKEN_OF_DRIVER, Why.OWNER_OF_TODAY, Why.DRIVER_HAS_NONE, Why.NOBODY_PAYS],
        ),
        ({"account": OWN, "token": ""}, 1, [Why.ACCOUNT_ASKED, Why.IN_NO_GROUP]),
    ],
)
def test_the_way_to_an_account(
    facts: dict[str, object], account: int | None, codes: list[Why]
) -> None:
    found = ask(**facts)

    assert (found.account.id if found.account else None) == account
    assert [step.code for step in found.steps] == codes
    assert not found.is_free


@pytest.mark.parametrize("purpose", ["service", "test", "goodwill"])
def test_service_tests_and_goodwill_cost_nothing(purpose: str) -> None:
    found = ask(purpose=purpose, driver=Holder("D", [OWN]))

    assert (found.account, found.is_free) == (None, True)


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2026, 5, 31), None),
        (date(2026, 6, 1), 7),
        (date(2026, 6, 30), 7),
        (date(2026, 7, 1), 8),
    ],
)
def test_first_and_last_day_of_a_price_group_belong_to_it(day: date, group: int | None) -> None:
    groups = {
        1: [
            Span(7, "June", date(2026, 6, 1), date(2026, 6, 30)),
            Span(8, "July", date(2026, 7, 1)),
        ],
        4: [Span(9, "Other")],
    }

    found = ask(day=day, driver=Holder("D", [OWN]), groups=groups)

    assert (found.price_group.id if found.price_group else None) == group


ANY_ORDER = [
    Span(1, "x"),
    Span(2, "x", date(2026, 6, 1), date(2026, 6, 20)),
    Span(3, "x", date(2026, 6, 1)),
    Span(3, "x", date(2026, 6, 1), date(2026, 6, 30)),
    Span(9, "x", None, date(2026, 6, 14)),
]


def test_the_order_of_rows_changes_nothing() -> None:
    found = {ask(driver=Holder("D", spans)).account for spans in permutations(ANY_ORDER)}

    assert found == {ANY_ORDER[2]}
