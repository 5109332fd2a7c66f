"""What guests need: a seller who takes cards, a price for everyone, a connector with a code."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from billing.payments.cards.models import CardPayment
from billing.payments.cards.tests.double import Double
from billing.rating.pinning import pin_live_sessions
from billing.review.services import rate_due
from core.tenancy.scopes import across_operators
from customers.guests.authoriser import GuestAuthoriser
from customers.guests.codes import make_codes
from customers.guests.links import ref_of
from customers.guests.models import GuestCode, GuestVisit
from customers.guests.settling import follow_due
from stations.commands.models import Command
from stations.hardware.models import Connector
from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision
from stations.sessions.models import Session
from tests.factories.billing import make_seller
from tests.factories.core import make_operator
from tests.factories.rating import energy_price, stored
from tests.factories.stations import make_session, make_site, make_station
from tests.factories.tariffs import make_assignment, make_tariff, make_version


class GuestWorld:
    """One connector; 5 kronor per kWh with VAT."""

    def __init__(self, double: Double) -> None:
        self.double = double
        self.operator = make_operator()
        self.seller = make_seller(operator=self.operator)
        self.site = make_site(operator=self.operator, city="Malmö", public_access="public")
        self.station = make_station(site=self.site)
        with across_operators("tests make rows of any operator"):
            self.card_account = double.account(self.seller)
            Connector.objects.filter(evse__station=self.station).update(
                status="available", connector_type="type2"
            )
            self.evse = self.station.evses.get()
            self.tariff = make_tariff(operator=self.operator, currency="SEK")
            make_version(self.tariff, energy_price(5))
            make_assignment(self.tariff)
            make_codes()
            self.code = GuestCode.objects.get(operator=self.operator)
        self.url = f"/g/{self.code.code}/"

    def begin(self, client: Client, **given: Any) -> GuestVisit:
        """Fill in the form; the newest visit, whose page of the provider is open."""
        answer = client.post(self.url, {"shape": "hold", **given})
        assert answer.status_code == 302, answer.context["form"].errors
        return self.visit()

    def paid(self, client: Client, **given: Any) -> GuestVisit:
        """The same, paid and come back from there."""
        visit = self.begin(client, **given)
        self.double.pay(self.page_ref(visit))
        client.get(f"{self.at(visit)}back/")
        return self.visit()

    def page_ref(self, visit: GuestVisit) -> str:
        """The page at the double."""
        with across_operators("the test looks at any row"):
            ref: str = CardPayment.objects.get(guest_visit=visit).page_ref
        return ref

    def visit(self) -> GuestVisit:
        """The newest one."""
        with across_operators("the test looks at any row"):
            found: GuestVisit = GuestVisit.objects.select_related("card_payment").latest("pk")
        return found

    def at(self, visit: GuestVisit) -> str:
        """The address of a visit."""
        return f"/g/v/{ref_of(visit)}/"

    def authorise(self, visit: GuestVisit, **given: Any) -> Decision | None:
        """What the station is answered about the visit's token."""
        values: dict[str, Any] = {
            "operator_id": self.operator.pk, "station_id": self.station.pk,
            "site_id": self.site.pk, "evse_number": 1, "id_token": visit.token,
            "id_token_type": "", "at": timezone.now(), "kind": "start",
        }  # fmt: skip
        with across_operators("as the bridge asks"):
            return GuestAuthoriser().decide(AuthorisationRequest(**(values | given)))

    def charge(self, visit: GuestVisit, **fields: Any) -> Session:
        """The station accepts the start and the session runs."""
        decision = self.authorise(visit)
        assert decision is not None
        began = timezone.now() - timedelta(minutes=30)
        wh = int(fields.get("energy_wh", 2_000))
        with across_operators("tests make rows of any operator"):
            Command.objects.filter(guest_visit=visit).update(
                state="answered", answer_status="Accepted"
            )
        return make_session(
            station=self.station,
            **{"id_token": visit.token, "token_snapshot": decision.snapshot, "started_at": began,
               "first_received_at": timezone.now(), "energy_wh": 2_000,
               "intervals": stored([(0, 0), (30, wh)], end=30, began=began), **fields},
        )  # fmt: skip

    def end(self, session: Session, wh: int = 10_000, minutes: int = 30) -> Session:
        """The session ends, and is rated."""
        began = session.started_at
        assert began is not None
        with across_operators("tests make rows of any operator"):
            Session.objects.filter(pk=session.pk).update(
                state="ended", stopped_at=began + timedelta(minutes=minutes),
                energy_wh=Decimal(wh), reconciled_at=timezone.now(),
                intervals=stored([(0, 0), (minutes, wh)], end=minutes, began=began),
            )  # fmt: skip
        self.rate()
        return session

    def rate(self) -> None:
        """As the beat does."""
        with across_operators("tests rate any operator's sessions"):
            pin_live_sessions(now=timezone.now())
            rate_due(now=timezone.now())

    def follow(self, now: datetime | None = None) -> GuestVisit:
        """As the beat does; the newest visit after it."""
        now = now or timezone.now()
        with across_operators("guests of every operator are followed"):
            GuestVisit.objects.exclude(next_at=None).update(next_at=now)
            follow_due(now=now)
        return self.visit()
