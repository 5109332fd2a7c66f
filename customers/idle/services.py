"""Telling drivers by e-mail that charging has ended, and of the idle fee ten minutes before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from billing.rating.idle_models import IdleNotice
from billing.rating.idle_warning import WARNING, fee_begins_at, warn_by
from billing.rating.models import SessionBilling
from billing.rating.pricing import tariff_of
from billing.rating.session_facts import NotRateable
from billing.tariffs.model import TariffError
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from customers.drivers.choices import DriverChoices
from customers.drivers.models import Driver
from stations.hardware.models import Connector
from stations.sessions.models import SessionState

MOST: Final = 500
_EARLY: Final = timedelta(minutes=1)
"""The warning goes a little before it must have come."""
_IDLE_STATES: Final = ("SuspendedEV", "EVConnected")
_IDLE_STATUSES: Final = ("suspended_ev", "finishing")


@dataclass(frozen=True, slots=True)
class Done:
    """What one turn did."""

    begun: int
    sent: int


def tell_idle_drivers(*, now: datetime) -> Done:
    """Note idle time that will cost, and send what is due; each notice on its own."""
    _end_past(now)
    begun = _begin_new(now)
    due = IdleNotice.objects.filter(ended_at=None).filter(
        (Q(told_at=None) & ~Q(Exists(_declined("mails_charging_end"))))
        | (
            Q(warned_at=None, warn_by_at__lte=now + _EARLY)
            & ~Q(Exists(_declined("mails_idle_warning")))
        )
    )
    ids = list(due.order_by("warn_by_at", "id").values_list("pk", flat=True)[:MOST])
    return Done(begun, sum(_send(pk, now) for pk in ids))


def _idle() -> Q:
    """Sessions whose car asks for no more power: as 2.x tells it, or the connector of 1.6."""
    standing = Connector.objects.filter(
        evse=OuterRef("session__evse"), status__in=_IDLE_STATUSES, retired_on=None
    )
    return Q(session__state=SessionState.ACTIVE) & (
        Q(session__charging_state__in=_IDLE_STATES)
        | (Q(session__charging_state="") & Q(Exists(standing)))
    )


def _declined(choice: str) -> QuerySet[DriverChoices]:
    """Drivers who do not want a kind of mail."""
    rows: QuerySet[DriverChoices] = DriverChoices.objects.filter(
        driver__operator=OuterRef("operator"),
        driver__email__iexact=OuterRef("address"),
        **{choice: False},
    )
    return rows


def _end_past(now: datetime) -> None:
    """Close notices of cars that charge again or have left."""
    going_on = SessionBilling.objects.filter(_idle(), session=OuterRef("session"))
    IdleNotice.objects.filter(~Exists(going_on), ended_at=None).update(ended_at=now)


def _begin_new(now: datetime) -> int:
    """Notices for cars that have become idle where that will cost, of drivers with an address."""
    noted = IdleNotice.objects.filter(session=OuterRef("session"), ended_at=None)
    idle = SessionBilling.objects.filter(
        _idle(), ~Exists(noted), is_free=False, tariff_version__isnull=False,
        session__energy_wh__gt=0, session__token_snapshot__driver__isnull=False,
    )  # fmt: skip
    # All of them: those who stand for free stay, and would keep others waiting behind them.
    keys = list(idle.order_by("id").values_list("pk", flat=True))
    return sum(_note(keys[place : place + MOST], now) for place in range(0, len(keys), MOST))


def _note(keys: Sequence[int], now: datetime) -> int:
    rows = list(
        SessionBilling.objects.filter(pk__in=keys)
        .select_related("tariff_version__tariff", "session__station__site", "session__evse")
        .defer("session__intervals")
        .order_by("id")
    )
    people = _people(str(row.session.token_snapshot["driver"]) for row in rows)
    found = [
        notice
        for row in rows
        if (driver := people.get((row.operator_id, str(row.session.token_snapshot["driver"]))))
        and (notice := _notice(row, driver, now)) is not None
    ]
    return len(IdleNotice.objects.bulk_create(found, ignore_conflicts=True))


def _people(public_ids: Iterable[str]) -> dict[tuple[int, str], Driver]:
    """Drivers who can be told and want to be: who declined both mails is as one without an
    address, so the fee begins when the price says."""
    rows = (
        Driver.objects.filter(public_id__in=set(public_ids))
        .exclude(email="")
        .exclude(choices__mails_charging_end=False, choices__mails_idle_warning=False)
    )
    return {(one.operator_id, one.public_id): one for one in rows}


def _notice(row: SessionBilling, driver: Driver, now: datetime) -> IdleNotice | None:
    session = row.session
    power = session.evse.max_power_w if session.evse is not None else None
    try:
        tariff = tariff_of(row.tariff_version)
    except (NotRateable, TariffError):
        return None
    zone = session.station.site.time_zone
    fee_from = fee_begins_at(tariff, now, zone, None if power is None else Decimal(power))
    if fee_from is None:
        return None
    return IdleNotice(
        operator_id=row.operator_id,
        session=session,
        address=driver.email,
        language=driver.language,
        idle_since_at=now,
        fee_from_at=fee_from,
        warn_by_at=warn_by(now, fee_from),
    )


@transaction.atomic
def _send(pk: int, now: datetime) -> int:
    """Send one mail: that charging has ended, or the warning; where both are due, one says both.

    What the server refuses is tried again at the next turn.
    """
    notice = (
        IdleNotice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("operator", "session__station__site")
        .filter(pk=pk, ended_at=None)
        .first()
    )
    if notice is None:
        return 0
    warns = notice.warned_at is None and notice.warn_by_at <= now + _EARLY
    if notice.told_at is not None and not warns:
        return 0
    is_last = warns or _declined_warning(notice)
    notice.error = _mail(notice, now, warns=warns, is_last=is_last)
    if not notice.error:
        notice.told_at = notice.told_at or now
        notice.warned_at = now if is_last else notice.warned_at
    notice.save(update_fields=["error", "told_at", "warned_at"])
    return int(not notice.error)


def _declined_warning(notice: IdleNotice) -> bool:
    """Whether the mail that charging has ended is the only one the driver wants: it names the
    time of the fee, and counts as the warning."""
    return DriverChoices.objects.filter(
        driver__operator=notice.operator_id, driver__email__iexact=notice.address,
        mails_idle_warning=False,
    ).exists()  # fmt: skip


def _mail(notice: IdleNotice, now: datetime, *, warns: bool, is_last: bool) -> str:
    language = notice.language if notice.language in dict(settings.LANGUAGES) else "en"
    site = notice.session.station.site
    from_at = max(notice.fee_from_at, now + WARNING) if is_last else notice.fee_from_at
    with override(language), timezone.override(ZoneInfo(site.time_zone)):
        message = compose(
            "idle",
            operator=notice.operator,
            setup=setup_of(notice.operator),
            to=notice.address,
            context={"site": site, "station": notice.session.station, "fee_from_at": from_at,
                     "warns": warns, "is_first": notice.told_at is None},
        )  # fmt: skip
    return why_not_sent(message)
