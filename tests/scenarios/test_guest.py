"""A guest: an invoice a session, at once, with the price that was shown."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from billing.invoices.clock import plan_due_runs, work_next_runs
from billing.invoices.models import Invoice
from portal.demo.books.bank_file import Paid
from tests.factories.billing import make_account
from tests.factories.customers import make_driver, make_token
from tests.scenarios.town import Town, lines_of

D = Decimal


def test_an_evening_of_a_guest(town: Town) -> None:
    town.opens()
    guest = make_driver(operator=town.operator, name="Guest")
    card = make_token(operator=town.operator, driver=guest)
    account = make_account(
        operator=town.operator, name="Guest", invoice_rhythm="per_session", payment_terms_days=10
    )
    town.pays_for(guest, account)

    for day, wh in ((7, 6_543), (8, 10_000)):
        town.on(f"2026-09-{day:02}", 21)
        town.charges(card, wh)
        plan_due_runs(now=timezone.now())
        work_next_runs(now=timezone.now())
        assert plan_due_runs(now=timezone.now()) == 0

    first, second = Invoice.objects.order_by("sequence")
    # 6.543 kWh at 5 kronor is 32.715: half an öre goes up, once, and VAT is a fifth of the sum.
    assert lines_of(first) == [("", "energy", D("6.543"), D("32.72"))]
    assert (first.net, first.tax, first.gross) == (D("26.18"), D("6.54"), D("32.72"))
    assert (str(first.issued_on), str(first.due_on)) == ("2026-09-07", "2026-09-17")
    assert (second.sequence, second.gross) == (first.sequence + 1, D(50))

    town.on("2026-09-12")
    # One payment too much, by OCR of the first: the rest is credit, and settles the second.
    town.is_paid("SEP-12", Paid(town.today(), D("82.72"), "Guest", reference=first.ocr))
    states = list(Invoice.objects.order_by("sequence").values_list("state", "open_amount"))
    assert states == [("paid", D(0)), ("paid", D(0))]
    assert town.agrees() == {"1930": D("82.72"), "3001": D("-66.18"), "2611": D("-16.54")}
