"""Events of firmware that people are told of: a campaign halted by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission, Role
from core.notifications.events import EventKind, Occurrence, Search
from stations.firmware.models import Campaign, CampaignState

WATCHFUL = frozenset({Role.OWNER, Role.CONTROL_ROOM})


def find_halted(search: Search) -> Iterator[Occurrence]:
    """Campaigns that were halted in the time looked at."""
    halted = Campaign.objects.filter(
        operator=search.operator,
        state=CampaignState.HALTED,
        changed_at__gt=search.since,
        changed_at__lte=search.until,
    ).select_related("image__hardware_model")
    for campaign in halted:
        yield Occurrence(
            key=f"{campaign.pk}:{campaign.changed_at.isoformat()}",
            happened_at=campaign.changed_at,
            params={"name": campaign.name, "firmware": str(campaign.image), "wave": campaign.wave},
            url=reverse("campaign_detail", args=[campaign.public_id]),
        )


def _halted_words(params: Mapping[str, Any]) -> str:
    return _("The firmware campaign %(name)s (%(firmware)s) has halted in wave %(wave)s.") % params


def events() -> list[EventKind]:
    """A campaign that halted."""
    return [
        EventKind(
            name="firmware.halted",
            label=gettext_lazy("Firmware campaign halted"),
            permission=Permission.FIRMWARE_VIEW,
            find=find_halted,
            words=_halted_words,
            defaults={"page": WATCHFUL, "email": frozenset({Role.CONTROL_ROOM})},
        )
    ]
