"""EVSEs that turn people away: several refusals in a short time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from stations.ocpp.authorisation.reasons import in_words
from stations.ocpp.models import AuthorisationAttempt

REFUSALS: Final = Reason("refusals", gettext_lazy("Refusals"), "warn", "shield-check")
WITHIN: Final = timedelta(minutes=30)
FEWEST: Final = 3


class RefusalAttention:
    """One query: refusals of the last half hour by EVSE.

    A station that names no EVSE when it asks (OCPP 1.6) is counted as a whole.
    """

    permission = Permission.SESSION_VIEW
    reasons = (REFUSALS,)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """EVSEs with three refusals or more, and the last reason in words."""
        rows = AuthorisationAttempt.objects.select_related("station__site").filter(
            at__gte=now - WITHIN, at__lte=now
        )
        by_evse: dict[tuple[int, int | None], list[AuthorisationAttempt]] = {}
        for attempt in rows.exclude(decision="Accepted").order_by("at", "id"):
            by_evse.setdefault((attempt.station_id, attempt.evse_number), []).append(attempt)
        return [_concern(found) for found in by_evse.values() if len(found) >= FEWEST]


def _concern(refusals: list[AuthorisationAttempt]) -> Concern:
    first, last = refusals[0], refusals[-1]
    station, number = last.station, last.evse_number
    text = _("%(count)d refusals within half an hour. %(reason)s") % {
        "count": len(refusals),
        "reason": in_words(last.reason_code),
    }
    return Concern(
        reason=REFUSALS,
        subject=f"{station} / {number}" if number else str(station),
        text=text,
        since_at=first.at,
        url=reverse("station_attempts", args=[station.public_id]),
        place_ref=station.site.public_id,
        place=station.site.name,
    )


source = RefusalAttention()
