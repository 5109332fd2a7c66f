"""Documents that tests start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.invoices.document import Document
from billing.invoices.document_parts import (
    Group,
    Line,
    Original,
    Party,
    Payment,
    SpecificationGroup,
    SpecificationRow,
    TaxTotal,
    Totals,
)
from core.money import round_money

SELLER = Party(
    name="Öresunds Laddnät AB",
    address=("Västra Varvsgatan 12",),
    postal_code="211 74",
    city="Malmö",
    country_code="SE",
    organisation_number="556703-7485",
    vat_number="SE556703748501",
    peppol_address="0007:5567037485",
    email="faktura@laddnat.example",
    phone="040-10 20 30",
    website="laddnat.example",
    registered_office="Malmö",
    has_f_tax=True,
)
BUYER = Party(
    name="Åkes Bud & Frakt i Växjö AB",
    address=("Att: Ekonomi", "Storgatan 5"),
    postal_code="352 31",
    city="Växjö",
    country_code="SE",
    organisation_number="556036-0793",
    vat_number="SE556036079301",
    peppol_address="0007:5560360793",
    contact_name="Märta Öberg",
    customer_number="10422",
)
PAYMENT = Payment(
    ocr="1000173", bankgiro="5050-1055", iban="SE45 5000 0000 0583 9825 7466", bic="ESSESESS"
)


def energy(number: int, kwh: str, price: str, *, rate: str = "25", **more: Any) -> Line:
    net = round_money(Decimal(kwh) * Decimal(price), "SEK")
    values: dict[str, Any] = {
        "id": str(number),
        "description": "Laddning, Hyllie parkering",
        "kind": "energy",
        "quantity": Decimal(kwh),
        "unit": "kWh",
        "unit_price": Decimal(price),
        "net": net,
        "tax_rate": Decimal(rate),
    }
    return Line(**(values | more))


def totalled(groups: Sequence[Group], *, rounding: str = "0", paid: str = "0") -> dict[str, Any]:
    """Taxes and totals of lines, as the room of invoices reckons them."""
    nets: dict[tuple[Any, Decimal], Decimal] = {}
    for line in (line for group in groups for line in group.lines):
        key = (line.tax_category, line.tax_rate)
        nets[key] = nets.get(key, Decimal(0)) + line.net
    reasons = {"AE": "Reverse charge", "E": "Exempt from VAT", "O": "Not subject to VAT"}
    taxes = tuple(
        TaxTotal(
            category=category,
            rate=rate,
            net=net,
            tax=round_money(net * rate / 100, "SEK"),
            reason=reasons.get(category, ""),
        )
        for (category, rate), net in nets.items()
    )
    net = sum((tax.net for tax in taxes), Decimal(0))
    tax = sum((one.tax for one in taxes), Decimal(0))
    payable = net + tax + Decimal(rounding) - Decimal(paid)
    totals = Totals(net=net, tax=tax, gross=net + tax, rounding=Decimal(rounding),
                    paid=Decimal(paid), payable=payable)  # fmt: skip
    return {"groups": tuple(groups), "taxes": taxes, "totals": totals}


def invoice(*lines: Line, rounding: str = "0", paid: str = "0", **more: Any) -> Document:
    groups = [Group("", lines or (energy(1, "100.000", "4.00"),))]
    values: dict[str, Any] = {
        "kind": "invoice",
        "number": "2026-000417",
        "issued_on": date(2026, 11, 1),
        "due_on": date(2026, 12, 1),
        "currency": "SEK",
        "seller": SELLER,
        "buyer": BUYER,
        "payment": PAYMENT,
        "supply_from": date(2026, 10, 1),
        "supply_to": date(2026, 10, 31),
        "payment_terms_days": 30,
        "buyer_reference": "Kst 4100 / Märta Öberg",
        "order_number": "PO-7781",
    }
    return Document(**(values | totalled(groups, rounding=rounding, paid=paid) | more))


def credit_note(*lines: Line, **more: Any) -> Document:
    return invoice(
        *lines,
        kind="credit_note",
        number="K2026-0003",
        due_on=None,
        original=Original("2026-000417", date(2026, 11, 1)),
        reason="Dubbelt debiterad laddning",
        **({"issued_on": date(2026, 11, 14)} | more),
    )


def specified(count: int) -> Document:
    """An invoice of one summary line with ``count`` sessions behind it, by driver."""
    began = datetime(2026, 10, 1, 7, 5, tzinfo=UTC)
    rows = [
        SpecificationRow(
            started_at=began + timedelta(hours=7 * n),
            ended_at=began + timedelta(hours=7 * n, minutes=40 + n % 50),
            place=("Hyllie parkering", "Växjö Resecentrum", "Åre Holmen")[n % 3],
            person="Örjan Åström",
            reference=f"ABC {n % 900 + 100}",
            energy_kwh=Decimal("12.345") + n % 31,
            net=Decimal("49.38") + 4 * (n % 31),
        )
        for n in range(count)
    ]
    half = count // 2
    parts = tuple(
        SpecificationGroup(title, tuple(part))
        for title, part in (("Örjan Åström", rows[:half]), ("Eva Lind", rows[half:]))
        if part
    )
    net = sum((row.net for row in rows), Decimal(0))
    line = energy(1, "1", str(net), description="Laddning oktober 2026 enligt specifikation",
                  unit="each", is_specified=True)  # fmt: skip
    return invoice(line, specification=parts)


def reversed_charge() -> Document:
    line = energy(1, "100", "4.00", rate="0", tax_category="AE")
    return invoice(
        line,
        buyer=replace(
            BUYER,
            country_code="DK",
            vat_number="DK13585628",
            organisation_number="",
            peppol_address="0184:13585628",
        ),
    )
