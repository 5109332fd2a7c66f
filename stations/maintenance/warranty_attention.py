"""Warranties that end soon while something is wrong that nobody has claimed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.tenancy.today import operator_today
from stations.incidents.models import IS_LIVE, Incident
from stations.maintenance.claim_lists import SOON
from stations.maintenance.warranties import warranties
from stations.maintenance.warranty_models import WarrantyClaim

ENDS: Final = Reason("warranty_ends", gettext_lazy("Warranty ends soon"), "warn", "shield-check")


class WarrantyAttention:
    """One query: warranties that end within 30 days, with live incidents without a claim."""

    permission = Permission.ORDER_VIEW
    reasons = (ENDS,)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """One for each station."""
        today = operator_today()
        claimed = WarrantyClaim.objects.filter(incident=OuterRef("pk"))
        wrong = Incident.objects.filter(
            IS_LIVE, ~Exists(claimed), station=OuterRef("station")
        ).order_by()
        rows = warranties().filter(Exists(wrong), ends_on__range=(today, today + SOON))
        for row in rows:
            station = row.station
            yield Concern(
                reason=ENDS,
                subject=str(station),
                text=_("It ends on %(day)s, and an incident goes on without a claim.")
                % {"day": row.ends_on},
                since_at=now,
                url=reverse("station_warranty", args=[station.public_id]),
                place_ref=station.site.public_id,
                place=station.site.name,
            )


source = WarrantyAttention()
