"""Ended sessions, who pays for them, and prices, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from billing.accounts.models import BillingAccount
from billing.rating.attribution import Attribution
from billing.rating.models import RatedSession, SessionBilling
from billing.review.models import Decision, Hold
from billing.review.services import rate_due
from billing.tariffs.model import content_hash, parse_tariff
from billing.tariffs.models import Tariff, TariffVersion
from core.accounts.models import Operator
from core.ids import public_id
from core.sentences import Sentence
from core.tenancy.scopes import across_operators
from stations.hardware.models import Station
from stations.sessions.models import Session
from stations.sites.models import Site
from tests.factories.billing import make_account
from tests.factories.core import make_person, number
from tests.factories.stations import make_session, make_station

BEGAN = datetime(2026, 11, 2, 10, tzinfo=UTC)
ATTRIBUTOR = "tests.factories.rating.ByOperator"


class ByOperator:
    """The operator's newest account, and its newest version of any tariff."""

    def attribute(
        self, sessions: Sequence[Session], *, operator: Operator
    ) -> Mapping[int, Attribution]:
        """The same for each session unless its token names others; ``service`` is free."""
        account = BillingAccount.objects.filter(operator=operator).order_by("-pk").first()
        version = TariffVersion.objects.filter(operator=operator).order_by("-pk").first()
        return {
            one.pk: Attribution(
                account_id=one.token_snapshot.get("test_account", account and account.pk),
                tariff_version_id=one.token_snapshot.get("test_version", version and version.pk),
                why=(Sentence("The test says so"),),
                is_free=one.token_snapshot.get("purpose") == "service",
            )
            for one in sessions
        }


def make_price(operator: Operator, document: dict[str, Any] | None = None) -> None:
    """An account, and a tariff with one version."""
    make_account(operator=operator)
    make_priced_tariff(operator, document)


def make_priced_tariff(
    operator: Operator, document: dict[str, Any] | None = None, **fields: Any
) -> TariffVersion:
    """A tariff in kronor with one published version."""
    values = {"public_id": public_id("tar"), "name": f"Price {number()}", "currency": "SEK"}
    with across_operators("tests make rows of any operator"):
        tariff = Tariff.objects.create(operator=operator, **(values | fields))
    return add_version(tariff, document or energy_price())


def energy_price(price: float = 5, **more: Any) -> dict[str, Any]:
    """A price per kWh with 25 % VAT, in kronor with VAT."""
    component = {"type": "ENERGY", "price": price, "vat": 25, "step_size": 1}
    return {
        "currency": "SEK",
        "tax_included": "YES",
        "elements": [{"price_components": [component]}],
        **more,
    }


def add_version(tariff: Tariff, document: dict[str, Any]) -> TariffVersion:
    """A published version, in force from some day of 2026 on."""
    with across_operators("tests make rows of any operator"):
        count = TariffVersion.objects.filter(tariff=tariff).count()
        row: TariffVersion = TariffVersion.objects.create(
            operator_id=tariff.operator_id,
            tariff=tariff,
            number=count + 1,
            state="published",
            document=document,
            digest=content_hash(parse_tariff(document)),
            takes_effect_at=datetime(2026, 1, 1 + count, tzinfo=UTC),
            published_at=timezone.now(),
        )
    return row


def stored(
    readings: Sequence[tuple[int, int]], *, idle: tuple[int, int] | None = None, end: int = 60,
    began: datetime = BEGAN,
) -> dict[str, Any]:  # fmt: skip
    """Curve of (minute, Wh) and intervals, as the reconciler stores them."""
    until = idle[0] if idle else end
    spans = [("charging", "reported", 0, until)]
    if idle:
        spans.append(("idle", "vehicle", *idle))
    return {
        "certainty": "measured",
        "curve": [
            [(began + timedelta(minutes=at)).isoformat(), str(1000 + wh), str(wh)]
            for at, wh in readings
        ],
        "intervals": [
            {
                "kind": kind,
                "reason": reason,
                "started_at": (began + timedelta(minutes=begin)).isoformat(),
                "stopped_at": (began + timedelta(minutes=stop)).isoformat(),
            }
            for kind, reason, begin, stop in spans
        ],
    }


def make_ended(
    *, operator: Operator | None = None, station: Station | None = None, wh: int = 10_000,
    **fields: Any,
) -> Session:  # fmt: skip
    """An hour of charging with a reading at both ends, reconciled."""
    values: dict[str, Any] = {
        "state": "ended",
        "started_at": BEGAN,
        "stopped_at": BEGAN + timedelta(hours=1),
        "energy_wh": Decimal(wh),
        "intervals": stored([(0, 0), (60, wh)]),
        "reconciled_at": timezone.now(),
    }
    if station is None:
        station = make_station(operator=operator)
    return make_session(station=station, **(values | fields))


def rate_all() -> int:
    """Rate all that is due."""
    with across_operators("tests rate any operator's sessions"):
        return rate_due(now=timezone.now())


def billing_of(session: Session) -> SessionBilling:
    """The billing row as it is now."""
    with across_operators("tests read any operator's rows"):
        row: SessionBilling = SessionBilling.objects.get(session=session)
    return row


def make_held(session: Session, account: BillingAccount, mark: str) -> RatedSession:
    """Prices a session by hand and holds it, with a decision that waits; returns the price."""
    with across_operators("tests make rows of any operator"):
        return _held(session, account, mark)


def _held(session: Session, account: BillingAccount, mark: str) -> RatedSession:
    operator = session.operator
    Site.objects.filter(pk=session.station.site_id).update(latitude=59, longitude=18)
    rated = price_by_hand(session, account, Decimal(5), state="held", name=f"{mark} price")
    billing = SessionBilling.objects.get(session=session)
    SessionBilling.objects.filter(pk=billing.pk).update(why=[mark])
    Hold.objects.create(operator=operator, billing=billing, code="end_missing", group="feasibility")
    Decision.objects.create(
        operator=operator,
        billing=billing,
        kind="accept",
        state="proposed",
        reason=mark,
        currency="SEK",
        needs_second=True,
        proposed_by=make_person(operator=operator),
        proposed_label=mark,
    )
    return rated


def price_by_hand(
    session: Session,
    account: BillingAccount,
    gross: Decimal,
    *,
    state: str = "rated",
    currency: str = "SEK",
    name: str = "",
) -> RatedSession:
    """A price without rating, inside a scope; 25 % of VAT."""
    operator = session.operator
    tariff = make_priced_tariff(operator, name=name or f"Price {number()}")
    began = session.started_at or timezone.now()
    SessionBilling.objects.create(
        operator=operator,
        session=session,
        account=account,
        tariff_version=tariff,
        tariff_hash=tariff.digest,
        state=state,
        revision=1,
    )
    net = gross * Decimal("0.8")
    rated: RatedSession = RatedSession.objects.create(
        operator=operator,
        public_id=f"rs_{session.pk}",
        session=session,
        revision=1,
        site=session.station.site,
        station=session.station,
        account=account,
        tariff_version=tariff,
        tariff_hash=tariff.digest,
        engine_version="1",
        started_at=began,
        stopped_at=began,
        delivered_on=began.date(),
        energy_wh=1000,
        charging_s=60,
        parking_s=0,
        currency=currency,
        net=net,
        tax=gross - net,
        gross=gross,
        taxes=[{"rate": "25", "net": str(net), "tax": str(gross - net), "gross": str(gross)}],
    )
    return rated


def make_rated(
    account: BillingAccount, version: TariffVersion, *, wh: int = 10_000,
    ended_at: datetime = BEGAN + timedelta(hours=1), **fields: Any,
) -> Session:  # fmt: skip
    """An ended session that is rated for an account; the attributor of tests must be set."""
    began = ended_at - timedelta(hours=1)
    snapshot = fields.pop("token_snapshot", {}) | {
        "test_account": account.pk, "test_version": version.pk,
    }  # fmt: skip
    session = make_ended(
        operator=account.operator, wh=wh, started_at=began, stopped_at=ended_at,
        intervals=stored([(0, 0), (60, wh)], began=began), token_snapshot=snapshot, **fields,
    )  # fmt: skip
    rate_all()
    return session


def rate_again(session: Session, wh: int) -> None:
    """The reconciler finds out that it was ``wh``; rated anew."""
    session.refresh_from_db()
    values = dict(session.intervals)
    values["curve"] = [values["curve"][0], [values["curve"][1][0], str(1000 + wh), str(wh)]]
    Session.objects.filter(pk=session.pk).update(
        energy_wh=Decimal(wh), intervals=values, reconciled_at=timezone.now()
    )
    rate_all()
