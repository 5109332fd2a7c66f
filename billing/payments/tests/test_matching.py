"""Matching: by reference, amount, name; nothing guessed, nothing lost, nothing twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.payments.bank.model import Transaction, with_keys
from billing.payments.matching import match, name_words
from billing.payments.matching_facts import (
    Book,
    Earlier,
    FixedReference,
    OpenItem,
    Proposal,
)

FIXED = FixedReference("1234574", "åke")


def item(name: str, amount: str, **more: Any) -> OpenItem:
    values: dict[str, Any] = {
        "id": name,
        "account_id": "åke",
        "number": f"2026-{name}",
        "currency": "SEK",
        "issued_on": date(2026, 10, 1),
        "due_on": date(2026, 10, 31),
        "open_amount": Decimal(amount),
    }
    return OpenItem(**(values | more))


def paid(amount: str, *references: str, **more: Any) -> Transaction:
    values: dict[str, Any] = {
        "key": "k1",
        "account": "50501055",
        "amount": Decimal(amount),
        "currency": "SEK",
        "booked_on": date(2026, 11, 2),
        "references": references,
    }
    return Transaction(**(values | more))


def one(transaction: Transaction, *items: OpenItem, **more: Any) -> Proposal:
    (found,) = match([transaction], Book(items=items, fixed=(FIXED,), **more))
    return found


def told(found: Proposal) -> tuple[str, str, dict[str, str], str, bool]:
    parts = {part.item_id: str(part.amount) for part in found.allocations}
    return found.outcome, found.certainty, parts, str(found.rest), found.needs_person


OURS = item("417", "500.00", ocr="1000173")
OTHER = item("418", "750.00", ocr="133", account_id="eva", payer_names=("Eva Lind",))


@pytest.mark.parametrize(
    ("transaction", "expected"),
    [
        (paid("500.00", "1000173"), ("full", "certain", {"417": "500.00"}, "0.00", False)),
        (paid("200.00", "1000173"), ("partial", "certain", {"417": "200.00"}, "0.00", False)),
        (paid("600.00", "1000173"), ("over", "certain", {"417": "500.00"}, "100.00", False)),
        (paid("500.00", "10 001-73"), ("full", "certain", {"417": "500.00"}, "0.00", False)),
        (paid("500.00", "2026-417"), ("full", "certain", {"417": "500.00"}, "0.00", False)),
        (paid("0.00", "1000173"), ("nothing", "certain", {}, "0", False)),
        (paid("9.00", direction="debit"), ("nothing", "certain", {}, "0", False)),
        (paid("500.00", text="Faktura: 2026-417, tack"),
         ("full", "likely", {"417": "500.00"}, "0.00", True)),
        (paid("750.00", payer_name="LIND, EVA"),
         ("full", "likely", {"418": "750.00"}, "0.00", True)),
        (paid("750.00", payer_name="Någon annan"),
         ("full", "possible", {"418": "750.00"}, "0.00", True)),
        (paid("20.00", payer_name="Eva Lind"), ("unknown", "possible", {}, "20.00", True)),
        (paid("20.00", payer_name="Någon"), ("unknown", "none", {}, "20.00", True)),
        (paid("500.00", "1000173", currency="EUR"), ("unknown", "none", {}, "500.00", True)),
        (paid("1250.00", "1000173 133"), ("several", "none", {}, "1250.00", True)),
    ],
)  # fmt: skip
def test_one_payment(transaction: Transaction, expected: tuple[Any, ...]) -> None:
    assert told(one(transaction, OURS, OTHER)) == expected


def test_several_references_must_be_paid_in_full_or_divided_by_a_person() -> None:
    second = item("419", "30.00", ocr="133")

    full = one(paid("530.00", "1000173", "133"), OURS, second)
    short = one(paid("529.00", "1000173", "133"), OURS, second)

    assert told(full) == ("full", "certain", {"417": "500.00", "419": "30.00"}, "0.00", False)
    assert (short.outcome, short.allocations, short.needs_person) == ("several", (), True)


def test_a_reference_with_a_wrong_digit_is_said_and_goes_to_a_person() -> None:
    found = one(paid("77.00", "1000174"), OURS)

    assert found.outcome == "unknown"
    assert (found.reasons[0].code, found.reasons[0].about) == ("reference_wrong", "1000174")
    assert found.needs_person


def test_an_invoice_that_is_paid_already() -> None:
    found = one(paid("500.00", "1000173"), replace(OURS, open_amount=Decimal(0)))

    assert told(found) == ("duplicate", "certain", {}, "500.00", True)


def test_two_payments_of_one_invoice_in_one_file() -> None:
    first, second = match(
        [paid("500.00", "1000173"), paid("500.00", "1000173", key="k2")], Book(items=(OURS,))
    )

    assert (first.outcome, second.outcome) == ("full", "duplicate")
    assert second.rest == Decimal("500.00")


def test_a_transaction_that_is_booked_is_passed_over() -> None:
    before = Earlier(key="k1", account="50501055", amount=Decimal(500), currency="SEK",
                     booked_on=date(2026, 11, 2))  # fmt: skip

    assert told(one(paid("500.00", "1000173"), OURS, earlier=(before,))) == (
        "known", "certain", {}, "0", False,
    )  # fmt: skip


def test_a_fixed_reference_pays_the_oldest_first() -> None:
    items = (
        item("3", "300.00", due_on=date(2026, 12, 31)),
        item("1", "100.00", due_on=date(2026, 10, 31)),
        item("2", "200.00", due_on=date(2026, 11, 30)),
        item("9", "50.00", account_id="eva", due_on=date(2026, 1, 1)),
    )

    assert told(one(paid("250.00", "1234574"), *items)) == (
        "partial", "certain", {"1": "100.00", "2": "150.00"}, "0.00", False,
    )  # fmt: skip
    assert told(one(paid("300.00", "1234574"), *items))[0] == "full"
    assert told(one(paid("650.00", "1234574"), *items))[3] == "50.00"
    assert told(one(paid("10.00", "1234574"))) == ("over", "certain", {}, "10.00", False)


def test_a_fixed_reference_never_goes_past_a_disputed_invoice() -> None:
    items = (
        item("1", "100.00", due_on=date(2026, 10, 31)),
        item("2", "200.00", due_on=date(2026, 11, 30), is_disputed=True),
        item("3", "300.00", due_on=date(2026, 12, 31)),
    )
    found = one(paid("400.00", "1234574"), *items)
    blocked = one(paid("400.00", "1234574"), *items[1:])

    assert told(found) == ("partial", "certain", {"1": "100.00"}, "300.00", True)
    assert found.reasons[-1].code == "disputed_in_the_way"
    assert told(blocked) == ("unknown", "certain", {}, "400.00", True)
    assert told(one(paid("100.00", "1234574"), *items)) == (
        "full", "certain", {"1": "100.00"}, "0.00", False,
    )  # fmt: skip


def test_a_disputed_invoice_paid_by_its_own_reference_is_seen_by_a_person() -> None:
    found = one(paid("500.00", "1000173"), replace(OURS, is_disputed=True))

    assert told(found) == ("full", "certain", {"417": "500.00"}, "0.00", True)


def test_a_payment_taken_back_finds_the_one_it_was() -> None:
    back = paid("500.00", "1000173", key="k2", direction="reversal")
    first, second, third = match(
        [paid("500.00", "1000173"), back, replace(back, key="k3")], Book(items=(OURS,))
    )

    assert first.outcome == "full"
    assert (second.outcome, second.takes_back, second.needs_person) == ("reversed", "k1", False)
    assert (third.outcome, third.takes_back, third.needs_person) == ("reversed", "", True)


def test_names_are_the_same_in_any_order_and_form() -> None:
    assert name_words("LIND, Eva") == name_words("Eva Lind")
    assert name_words("Åkes Bud AB (publ)") == name_words("åkes bud")
    assert name_words("AB") == frozenset()


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Transaction], Book]:
    ocrs = ["133", "1000173", "123455", "100016"]
    cents = st.integers(0, 30).map(lambda n: Decimal(n * 50) / 100)
    items = [
        item(
            str(n),
            str(draw(cents)),
            ocr=draw(st.sampled_from(["", ocrs[n]])),
            account_id=draw(st.sampled_from(["åke", "eva"])),
            due_on=date(2026, 10, draw(st.integers(1, 28))),
            is_disputed=draw(st.booleans()),
            payer_names=draw(st.sampled_from([(), ("Eva Lind",)])),
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    payments = [
        paid(
            str(draw(cents)),
            *draw(st.lists(st.sampled_from([*ocrs, "1234574", "1000174"]), max_size=2)),
            direction=draw(st.sampled_from(["credit", "credit", "credit", "reversal"])),
            payer_name=draw(st.sampled_from(["", "Eva Lind"])),
        )
        for _ in range(draw(st.integers(0, 6)))
    ]
    return list(with_keys(payments)), Book(items=tuple(items), fixed=(FIXED,))


@given(books())
def test_nothing_is_lost_made_or_settled_twice(case: tuple[list[Transaction], Book]) -> None:
    transactions, book = case
    found = match(transactions, book)
    settled: dict[str, Decimal] = defaultdict(Decimal)

    for transaction, proposal in zip(transactions, found, strict=True):
        parts = sum((part.amount for part in proposal.allocations), Decimal(0))
        assert all(part.amount > 0 for part in proposal.allocations)
        if transaction.direction == "credit" and transaction.amount:
            assert parts + proposal.rest == transaction.amount
        else:
            assert parts == 0
        for part in proposal.allocations:
            settled[part.item_id] += part.amount
    for one_item in book.items:
        assert settled[one_item.id] <= one_item.open_amount

    again = Book(
        items=book.items,
        earlier=tuple(
            Earlier(key=t.key, account=t.account, amount=t.amount, currency=t.currency,
                    booked_on=t.booked_on)
            for t in transactions
        ),
    )  # fmt: skip
    assert {proposal.outcome for proposal in match(transactions, again)} <= {"known"}
