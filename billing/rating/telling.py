"""Telling stations of OCPP 2.x what their sessions have cost so far, for their display."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from billing.rating.models import SessionBilling
from core.errors import RuleViolation
from stations.hardware.models import DeviceVariable
from stations.ocpp.sending import Request, send
from stations.sessions.models import SessionState

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=60)
MOST: Final = 500
_VERSIONS: Final = ("2.0.1", "2.1")


def tell_costs(*, now: datetime, limit: int = MOST) -> int:
    """Tell each station that shows costs what changed, at most once a minute a session (2.0.1
    I02, CostUpdated); returns how many were told.

    A station shows costs if its device model says that it does: TariffCostCtrlr, Enabled[Cost].
    """
    shows = DeviceVariable.objects.filter(
        station=OuterRef("session__station"),
        component="TariffCostCtrlr",
        variable="Enabled",
        variable_instance="Cost",
        attribute="Actual",
        value__iexact="true",
    )
    due = SessionBilling.objects.filter(
        Exists(shows),
        Q(told_gross=None) | ~Q(told_gross=F("running_gross")),
        Q(told_at=None) | Q(told_at__lte=now - EVERY),
        session__state=SessionState.ACTIVE,
        session__ocpp_version__in=_VERSIONS,
        session__station__link__is_connected=True,
        running_gross__isnull=False,
    )
    first = due.order_by(F("told_at").asc(nulls_first=True), "id")
    return sum(_tell(pk, now) for pk in list(first.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _tell(pk: int, now: datetime) -> int:
    row = (
        SessionBilling.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("session__station")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        return 0
    SessionBilling.objects.filter(pk=pk).update(told_gross=row.running_gross, told_at=now)
    wanted = Request(
        command="show_cost",
        parameters={
            "transaction": row.session.ocpp_transaction_id,
            "amount": str(row.running_gross),
        },
        expires_in=EVERY,
    )
    try:
        with transaction.atomic():
            send(row.session.station, wanted)
    except RuleViolation as refusal:
        logger.info("station %s was not told a cost: %s", row.session.station_id, refusal.code)
        return 0
    return 1
