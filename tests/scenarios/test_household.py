"""A household: two sessions of September, one with a late car, paid by Bankgirot with OCR."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from django.core import mail
from pypdf import PdfReader

from billing.invoices.delivery_tasks import make_invoice_files, send_deliveries
from billing.invoices.models import Invoice
from portal.demo.books.bank_file import Paid
from tests.factories.billing import make_account
from tests.factories.customers import make_driver, make_token
from tests.factories.tariffs import energy_document
from tests.scenarios.town import Town, lines_of

D = Decimal


def test_september_of_dina(town: Town) -> None:
    idle = {"type": "PARKING_TIME", "price": 60, "vat": 25, "step_size": 60}
    document = energy_document(5)
    document["elements"][0]["price_components"].append(idle)
    town.opens(document)
    dina = make_driver(operator=town.operator, name="Dina Lund")
    card = make_token(operator=town.operator, uid="04D1A0", driver=dina)
    account = make_account(
        operator=town.operator, name="Dina Lund", emails=["dina@example.com"], language="sv"
    )
    town.pays_for(dina, account)

    town.on("2026-09-03", 20)
    town.charges(card, 12_000)
    town.on("2026-09-17", 22)
    town.charges(card, 8_400, idle_minutes=30)
    town.on("2026-10-01")
    town.invoices("2026-09")

    invoice = Invoice.objects.get()
    assert [one[1:] for one in lines_of(invoice)] == [
        ("energy", D(12), D(60)), ("energy", D("8.4"), D(42)), ("idle", D(30), D(30)),
    ]  # fmt: skip
    assert (invoice.net, invoice.tax, invoice.gross) == (D("105.60"), D("26.40"), D(132))
    make_invoice_files()
    send_deliveries()
    (message,) = mail.outbox
    letter = PdfReader(BytesIO(message.attachments[0][1])).pages[0].extract_text()
    assert message.to == ["dina@example.com"]
    assert invoice.ocr in letter
    assert "132,00" in letter

    town.on("2026-10-20")
    town.is_paid("OCT-20", Paid(town.today(), D(132), "D LUND", reference=invoice.ocr))
    town.on("2026-11-02")
    town.closes("2026-08", "2026-09", "2026-10")

    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert town.agrees() == {"1930": D(132), "3001": D("-105.60"), "2611": D("-26.40")}
