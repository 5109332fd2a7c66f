"""A fleet with two cost centres: one invoice in groups, paid in two parts, one line credited."""

from __future__ import annotations

from decimal import Decimal

from billing.invoices.crediting import credit
from billing.invoices.models import Invoice
from billing.payments.bank_models import BankTransaction
from billing.payments.sorting import accept_proposal
from portal.demo.books.bank_file import Paid
from tests.factories.billing import make_account
from tests.factories.customers import make_company, make_driver, make_token
from tests.scenarios.town import Town, lines_of

D = Decimal


def test_october_of_linden(town: Town) -> None:
    town.opens()
    linden = make_company(operator=town.operator, name="Linden Bud AB")
    account = make_account(
        operator=town.operator, name="Linden Bud AB", kind="company", buyer_reference="Kst 4100",
        organisation_number="556036-0793", invoice_grouping="cost_centre",
    )  # fmt: skip
    town.pays_for(linden, account)
    cards = {
        centre: make_token(
            operator=town.operator,
            driver=make_driver(operator=town.operator, company=linden, cost_centre=centre),
        )
        for centre in ("NORR", "SYD")
    }
    for day, centre, wh in [(5, "NORR", 20_000), (12, "SYD", 31_000), (19, "NORR", 9_999)]:
        town.on(f"2026-10-{day:02}", 18)
        town.charges(cards[centre], wh, cost_centre=centre)

    town.on("2026-11-01")
    town.invoices("2026-10")

    invoice = Invoice.objects.get()
    assert lines_of(invoice) == [
        ("NORR", "energy", D("29.999"), D("150.00")), ("SYD", "energy", D(31), D(155)),
    ]  # fmt: skip
    assert (invoice.buyer_snapshot["buyer_reference"], invoice.gross) == ("Kst 4100", D(305))
    assert (invoice.net, invoice.tax) == (D("244.00"), D("61.00"))

    town.on("2026-11-10")
    town.is_paid("NOV-10", Paid(town.today(), D(200), "Linden", reference=invoice.ocr))
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount) == ("partly_paid", D(105))

    town.on("2026-11-16")
    south = invoice.lines.get(group_title="SYD")
    note = credit(invoice, reason="A driver who had left", lines={south.position: D(50)})
    invoice.refresh_from_db()
    assert (note.gross, note.original, invoice.open_amount) == (D(50), invoice, D(55))

    town.on("2026-11-24")
    town.is_paid("NOV-24", Paid(town.today(), D(55), "Linden", text=f"faktura {invoice.number}"))
    # A number in a text is not certain: a person says yes to what is proposed.
    waiting = BankTransaction.objects.get(state="work_list")
    accept_proposal(row=waiting)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open_amount) == ("paid", D(0))
    assert town.agrees() == {"1930": D(255), "3001": D(-204), "2611": D(-51)}
