"""A municipality that takes e-invoices alone: its reference is asked for, the file is valid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core import mail

from billing.invoices.delivery_models import Delivery
from billing.invoices.delivery_tasks import make_invoice_files, send_deliveries
from billing.invoices.models import Invoice
from billing.invoices.tests.test_peppol import broken_rules
from portal.demo.books.bank_file import Paid
from tests.factories.billing import make_account, make_fee
from tests.factories.customers import make_company, make_token
from tests.scenarios.town import Town

D = Decimal


def test_october_of_a_municipality(town: Town, settings: Any, tmp_path: Path) -> None:
    settings.PEPPOL_FOLDER = str(tmp_path)
    type(town.seller).objects.update(
        peppol_address="0007:5567037485", iban="SE45 5000 0000 0583 9825 7466", bic="SWEDSESS"
    )
    town.opens()
    town.seller.refresh_from_db()
    kommun = make_company(operator=town.operator, name="Växjö kommun")
    account = make_account(
        operator=town.operator, name="Växjö kommun", kind="company", address="Box 1222",
        postal_code="351 12", city="Växjö", organisation_number="212000-0662",
        buyer_reference="ZZ4711", peppol_address="0007:2120000662", emails=["post@example.se"],
        invoice_grouping="summary",
    )  # fmt: skip
    town.pays_for(kommun, account)
    make_fee(account, name="Månadsavgift", amount=D(500), starts_on=date(2026, 10, 1))
    card = make_token(operator=town.operator, company=kommun)
    for day in (6, 13, 20):
        town.on(f"2026-10-{day:02}", 15)
        town.charges(card, 15_500)

    town.on("2026-11-01")
    town.invoices("2026-10")
    make_invoice_files()
    send_deliveries()

    invoice = Invoice.objects.get()
    assert invoice.gross == D("232.50") + D(500)
    (written,) = (tmp_path / town.operator.slug).iterdir()
    raw = written.read_bytes()
    assert broken_rules(raw) == []
    assert b"<cbc:BuyerReference>ZZ4711</cbc:BuyerReference>" in raw
    assert f'<cbc:PayableAmount currencyID="SEK">{invoice.payable:.2f}<'.encode() in raw
    assert (Delivery.objects.get().way, mail.outbox) == ("peppol_folder", [])

    town.on("2026-11-25")
    town.is_paid("NOV-25", Paid(town.today(), invoice.gross, "VÄXJÖ KOMMUN", reference=invoice.ocr))
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert sum(amount for number, amount in town.agrees().items() if number != "1930") == -D(
        "732.5"
    )
