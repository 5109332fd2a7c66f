"""Credit notes: never beyond what remains, linked both ways, numbered on their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounts.models import BillingAccount
from billing.invoices.composing import Piece, compose
from billing.invoices.crediting import credit, remaining
from billing.invoices.documents import document_of
from billing.invoices.issuing import issue
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.settling import settle
from billing.invoices.tax_status import Sides, TaxStatus, of_charging, of_service
from billing.invoices.tax_sums import TaxKind
from billing.sellers.models import Seller
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from tests.factories.billing import make_account, make_seller
from tests.factories.core import make_operator
from tests.factories.invoices import make_draft, make_issued


@pytest.fixture
def seller() -> Iterator[Seller]:
    operator = make_operator()
    with operator_scope(operator):
        yield make_seller(operator=operator)


@pytest.fixture
def account(seller: Seller) -> BillingAccount:
    return make_account(operator=seller.operator)


@pytest.mark.django_db
def test_an_unpaid_invoice_is_credited_whole_and_only_once(
    seller: Seller, account: BillingAccount
) -> None:
    one = make_issued(seller, account, "40", "60")

    note = credit(one, reason="Wrong customer")

    assert (note.kind, note.number[:1], note.original) == ("credit_note", "K", one)
    assert (note.gross, note.open_amount, note.state) == (Decimal(125), Decimal(0), "paid")
    assert (one.state, one.open_amount, one.credited_gross) == (
        "credited", Decimal(0), Decimal(125),
    )  # fmt: skip
    assert list(one.credit_notes.all()) == [note]
    with pytest.raises(RuleViolation) as again:
        credit(one, reason="Again")
    assert again.value.code == "credit_nothing"
    document = document_of(Invoice.objects.get(pk=note.pk))
    assert document.original is not None
    assert (document.original.number, document.totals.payable) == (one.number, Decimal(125))


@pytest.mark.django_db
def test_a_part_is_credited_by_line_up_to_what_remains_and_a_paid_part_is_the_customers(
    seller: Seller, account: BillingAccount
) -> None:
    one = make_issued(seller, account, "40", "60")
    settle(one, paid=Decimal(100))

    first = credit(one, lines={1: Decimal(20)}, reason="Half")
    second = credit(one, lines={1: Decimal(30)}, reason="The rest")

    assert (first.gross, first.tax, first.open_amount) == (Decimal(20), Decimal(4), Decimal(0))
    assert (second.gross, second.open_amount, second.state) == (
        Decimal(30), Decimal(25), "partly_paid",
    )  # fmt: skip
    assert (one.open_amount, one.state, one.credited_gross) == (
        Decimal(0), "paid", Decimal(50),
    )  # fmt: skip
    assert [left for _line, left in remaining(one)] == [Decimal(0), Decimal(75)]
    with pytest.raises(RuleViolation) as beyond:
        credit(one, lines={1: Decimal("0.01")}, reason="More")
    assert beyond.value.code == "credit_beyond"
    with pytest.raises(RuleViolation):
        credit(first, reason="A note")
    with pytest.raises(RuleViolation):
        credit(make_draft(seller, account), reason="A draft")
    assert Invoice.objects.filter(kind="credit_note").count() == 2


@pytest.mark.django_db
def test_the_last_of_several_notes_may_be_less_than_the_rounding_that_goes_back(
    seller: Seller, account: BillingAccount
) -> None:
    draft = make_draft(seller, account, "80.32")
    Invoice.objects.filter(pk=draft.pk).update(
        rounding=Decimal("-0.40"), payable=Decimal(100), open_amount=Decimal(100)
    )
    one = issue(draft)

    first = credit(one, reason="Nearly all", gross=Decimal("100.20"))
    last = credit(one, reason="The rest")

    assert (first.payable, first.open_amount) == (Decimal("100.20"), Decimal("0.20"))
    assert (last.gross, last.payable) == (Decimal("0.20"), Decimal(0))
    assert one.credited_gross == one.gross


@pytest.mark.django_db
def test_the_document_of_an_invoice_says_what_the_rows_say(
    seller: Seller, account: BillingAccount
) -> None:
    one = make_issued(seller, account, "4467.75")
    InvoiceLine.objects.get(invoice=one)

    document = document_of(one)

    assert (document.totals.tax, document.totals.payable) == (
        Decimal("1116.9375").quantize(Decimal("0.01")), Decimal("5584.69"),
    )  # fmt: skip
    assert document.payment.bankgiro == "5050-1055"
    assert document.due_on is not None
    assert document.due_on >= document.issued_on + timedelta(30)


SE = TaxStatus(TaxKind("S", Decimal(25)))
pieces = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.decimals("-50", "500", places=4),
        st.decimals("0.001", "80", places=3),
        st.sampled_from([SE, TaxStatus(TaxKind("S", Decimal(12)))]),
    ),
    min_size=1,
    max_size=12,
)


@given(pieces, st.booleans(), st.booleans())
def test_lines_taxes_items_and_totals_always_add_up(
    given_pieces: list[tuple[str, Decimal, Decimal, TaxStatus]], with_tax: bool, rounds: bool
) -> None:
    made = [
        Piece(
            key=f"k{place}", group=group, line=("x",), description="x", kind="energy",
            quantity=quantity, unit="kWh", amount=amount, tax=tax,
        )
        for place, (group, amount, quantity, tax) in enumerate(given_pieces)
    ]  # fmt: skip

    found = compose(made, "SEK", with_tax=with_tax, rounds_to_coins=rounds)

    for name in ("net", "tax", "gross"):
        lines = sum(getattr(line.sums, name) for line in found.lines)
        taxes = sum(getattr(tax.sums, name) for tax in found.taxes)
        assert lines == taxes == getattr(found.total, name)
    assert sum(item.net for item in found.items) == found.total.net
    assert sum(item.gross for item in found.items) == found.total.gross
    assert {item.key for item in found.items} == {piece.key for piece in made}
    for line in found.lines:
        assert line.unit_price >= 0
        assert abs(line.quantity * line.unit_price - line.sums.net) <= Decimal("0.01")
    assert (found.payable % 1 == 0) or not rounds
    assert abs(found.rounding) <= Decimal("0.50")


@pytest.mark.parametrize(
    ("country", "vat", "expected"),
    [
        ("SE", "", ("S", 25, "SE")),
        ("SE", "DE", ("S", 25, "SE")),
        ("FI", "", ("S", Decimal("25.5"), "FI")),
        ("FI", "FI", ("AE", 0, "FI")),
    ],
)
def test_charging_is_taxed_where_the_station_stands(
    country: str, vat: str, expected: tuple[str, Decimal, str]
) -> None:
    rate = Decimal("25.5") if country == "FI" else Decimal(25)
    sides = Sides("SE", True, vat or "SE", bool(vat), vat)

    kind = of_charging(sides, rate, country).kind

    assert (kind.category, kind.rate, kind.country) == expected


def test_services_are_taxed_where_a_business_buyer_is_and_not_by_the_unregistered() -> None:
    german = Sides("SE", True, "DE", True, "DE")
    norwegian = Sides("SE", True, "NO", True, "")
    small = Sides("SE", False, "SE", False, "")

    assert of_service(german, Decimal(25)).reason == "reverse_charge"
    assert of_service(norwegian, Decimal(25)).reason == "outside_the_eu"
    assert of_service(small, Decimal(25)).reason == "not_registered"
    assert of_charging(small, Decimal(25), "SE").kind.rate == 0
    assert of_service(Sides("SE", True, "SE", True, "SE"), Decimal(25)).kind.rate == 25
