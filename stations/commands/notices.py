"""Event of commands that people are told of: failed or without answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission, Role
from core.notifications.events import EventKind, Occurrence, Search
from stations.commands.models import Command, CommandOrigin, CommandState

_LONGEST_LIFE = timedelta(days=8)


def find_failed(search: Search) -> Iterator[Occurrence]:
    """Commands that people or callers sent and that came to nothing."""
    rows = (
        Command.objects.filter(
            operator=search.operator,
            created_at__gt=search.since - _LONGEST_LIFE,
            state__in=[CommandState.FAILED, CommandState.TIMED_OUT, CommandState.EXPIRED],
            finished_at__gt=search.since,
            finished_at__lte=search.until,
        )
        .exclude(origin=CommandOrigin.SYSTEM)
        .select_related("station__site")
    )
    for command in rows:
        yield Occurrence(
            key=str(command.pk),
            happened_at=command.finished_at,
            params={
                "action": command.action,
                "station": str(command.station),
                "site": command.station.site.name,
                "by": command.requested_by,
            },
            url=reverse("command_detail", args=[command.public_id]),
            place_id=command.station.site_id,
        )


def _words(params: Mapping[str, Any]) -> str:
    return _("%(action)s to %(station)s at %(site)s, sent by %(by)s, came to nothing.") % params


def events() -> list[EventKind]:
    """Failed commands."""
    return [
        EventKind(
            name="command.failed",
            label=gettext_lazy("Command failed"),
            permission=Permission.NETWORK_VIEW,
            find=find_failed,
            words=_words,
            defaults={"page": frozenset({Role.CONTROL_ROOM, Role.TECHNICIAN})},
        )
    ]
