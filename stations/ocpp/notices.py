"""Event of the door that people are told of: somebody knocked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission, Role
from core.notifications.events import EventKind, Occurrence, Search
from stations.ocpp.knocks import in_words, knocks


def find_knocks(search: Search) -> Iterator[Occurrence]:
    """Refused connections, each identity and reason once a day."""
    rows = knocks(search.operator).filter(last_at__gt=search.since, last_at__lte=search.until)
    for knock in rows[:500]:
        yield Occurrence(
            key=f"{knock.pk}:{knock.last_at:%Y-%m-%d}",
            happened_at=knock.last_at,
            params={"identity": knock.identity, "reason": knock.reason},
            url=reverse("knock_list"),
            place_id=knock.station.site_id if knock.station else None,
        )


def _words(params: Mapping[str, Any]) -> str:
    told = {"identity": params.get("identity"), "reason": in_words(str(params.get("reason")))}
    return _("%(identity)s was refused: %(reason)s") % told


def events() -> list[EventKind]:
    """Knocks."""
    return [
        EventKind(
            name="station.knocked",
            label=gettext_lazy("Station knocked"),
            permission=Permission.NETWORK_EDIT,
            find=find_knocks,
            words=_words,
            defaults={"page": frozenset({Role.OWNER, Role.CONTROL_ROOM})},
        )
    ]
