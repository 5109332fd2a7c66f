"""What history, notes and files can hang on: sites, stations, EVSEs, sessions, commands."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind
from stations.commands.models import Command
from stations.hardware.models import Evse, Station
from stations.sessions.models import Session
from stations.sites.models import Site


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="site",
            label=_("Site"),
            model=Site,
            rows=Site.objects.all,
            url=lambda site: reverse("site_detail", args=[site.public_id]),
            view=Permission.NETWORK_VIEW,
            has_notes=True,
            has_files=True,
        ),
        ObjectKind(
            name="station",
            label=_("Station"),
            model=Station,
            rows=Station.objects.all,
            url=lambda station: reverse("station_detail", args=[station.public_id]),
            view=Permission.NETWORK_VIEW,
            has_notes=True,
            has_files=True,
        ),
        ObjectKind(
            name="evse",
            label=_("EVSE"),
            model=Evse,
            rows=lambda: Evse.objects.select_related("station"),
            url=lambda evse: reverse("evse_detail", args=[evse.station.public_id, evse.number]),
            view=Permission.NETWORK_VIEW,
            key="pk",
        ),
        ObjectKind(
            name="session",
            label=_("Session"),
            model=Session,
            rows=Session.objects.all,
            url=lambda session: reverse("session_detail", args=[session.public_id]),
            view=Permission.SESSION_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="command",
            label=_("Command"),
            model=Command,
            rows=Command.objects.all,
            url=lambda command: reverse("command_detail", args=[command.public_id]),
            view=Permission.NETWORK_VIEW,
        ),
    ]
