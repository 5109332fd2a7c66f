"""A late payer: reminded, asked for fees, blocked at the next start, let in once all is paid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core import mail
from django.utils import timezone

from billing.dunning.models import DunningStep
from billing.dunning.plans import change_plan
from billing.dunning.rates import set_rate
from billing.dunning.tasks import lift_settled, take_steps
from billing.invoices.models import Invoice
from billing.payments.models import Claim
from portal.demo.books.bank_file import Paid
from stations.ocpp.authorisation.protocol import AuthorisationRequest
from stations.ocpp.authorisation.service import decide
from tests.factories.billing import make_account
from tests.factories.customers import make_driver, make_token
from tests.scenarios.town import Town

D = Decimal


def answered(town: Town, uid: str) -> tuple[bool, str]:
    """What the station is told of a card."""
    station = town.station
    found = decide(
        AuthorisationRequest(
            operator_id=station.operator_id, station_id=station.pk, site_id=station.site_id,
            evse_number=1, id_token=uid, id_token_type="ISO14443", at=timezone.now(), kind="start",
        )
    )  # fmt: skip
    return found.is_accepted, found.reason_code


def test_an_autumn_of_ake(town: Town) -> None:
    type(town.seller).objects.update(fee_by_terms=True)
    town.seller.refresh_from_db()
    town.opens()
    change_plan(operator=town.operator, is_active=True)
    set_rate(operator=town.operator, from_on=date(2026, 7, 1), percent=D("2.00"))
    ake = make_driver(operator=town.operator, name="Åke Ek")
    card = make_token(operator=town.operator, uid="04A2B3C4", driver=ake)
    account = make_account(operator=town.operator, name="Åke Ek", emails=["ake@example.com"])
    town.pays_for(ake, account)
    town.on("2026-08-20", 19)
    town.charges(card, 200_000)
    town.on("2026-09-01")
    town.invoices("2026-08")
    invoice = Invoice.objects.get()
    assert (invoice.gross, str(invoice.due_on)) == (D(1000), "2026-10-01")

    assert answered(town, "04A2B3C4") == (True, "accepted")
    for days in range(1, 39):
        town.on(str(date(2026, 10, 1) + timedelta(days=days)))
        take_steps()
    # Due on a Thursday: the first step comes after three bank days of grace.
    steps = DunningStep.objects.order_by("pk")
    assert [(one.step, str(one.done_on)) for one in steps] == [
        ("reminder", "2026-10-07"), ("fee_reminder", "2026-10-14"), ("demand", "2026-10-27"),
        ("block", "2026-11-07"),
    ]  # fmt: skip
    # A reminder's 60 kronor, a demand's 180, and 10 % of 1 000 kronor for 26 days.
    claims = list(Claim.objects.order_by("pk").values_list("kind", "amount"))
    assert sorted(claims) == [("fee", D(60)), ("fee", D(180)), ("interest", D("7.12"))]
    assert [one.to for one in mail.outbox] == [["ake@example.com"]] * 3
    assert answered(town, "04A2B3C4")[0] is False

    town.on("2026-11-09")
    owed = invoice.open_amount + sum(amount for _kind, amount in claims)
    town.is_paid("NOV-09", Paid(town.today(), owed, "Å EK", reference=invoice.ocr))
    lift_settled()

    assert answered(town, "04A2B3C4") == (True, "accepted")
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    books = town.agrees()
    assert (books.pop("1930"), books.pop("3001"), books.pop("2611")) == (owed, D(-800), D(-200))
    assert sum(books.values()) == D("-247.12")
