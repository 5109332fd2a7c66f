"""Cars that stand while an idle fee runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rating.idle_models import IdleNotice
from billing.rating.idle_warning import Told, costs_from
from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.ui import units

IDLE_FEE: Final = Reason("idle_fee", gettext_lazy("Idle fee"), "warn", "hourglass")


class IdleFeeAttention:
    """One query: stretches of idle time that go on and of which the driver was warned."""

    permission = Permission.SESSION_VIEW
    reasons = (IDLE_FEE,)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """Those whose fee has begun, the longest first."""
        for notice in _warned():
            begins = costs_from(_told(notice))
            if begins is None or begins > now:
                continue
            session = notice.session
            site = session.station.site
            evse_id = session.evse.public_id if session.evse else None
            words = {"idle": units.duration(now - notice.idle_since_at)}
            yield Concern(
                reason=IDLE_FEE,
                subject=evse_id or f"{session.station} / {session.evse_number or '–'}",
                text=_("The car has stood for %(idle)s after charging; the fee runs.") % words,
                since_at=begins,
                url=reverse("session_detail", args=[session.public_id]),
                place_ref=site.public_id,
                place=site.name,
            )


def _warned() -> QuerySet[Any]:
    rows: QuerySet[Any] = IdleNotice.objects.filter(ended_at=None, warned_at__isnull=False)
    return rows.select_related("session__station__site", "session__evse").only(
        "idle_since_at", "fee_from_at", "warn_by_at", "warned_at", "session__public_id",
        "session__evse_number", "session__evse__public_id", "session__station__name",
        "session__station__identity", "session__station__site__public_id",
        "session__station__site__name",
    )  # fmt: skip


def _told(notice: IdleNotice) -> Told:
    return Told(notice.idle_since_at, notice.fee_from_at, notice.warn_by_at, notice.warned_at)


source = IdleFeeAttention()
