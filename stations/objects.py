"""What history, notes and files can hang on: sites, stations, EVSEs, sessions, commands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind
from stations.commands.models import Command
from stations.firmware.models import Campaign, FirmwareImage
from stations.hardware.models import Evse, Station
from stations.incidents.models import Incident
from stations.maintenance.models import WorkOrder
from stations.maintenance.warranty_models import WarrantyClaim
from stations.sessions.models import Session
from stations.sites.models import Site


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="site",
            label=_("Site"),
            model=Site,
            page="site_detail",
            view=Permission.NETWORK_VIEW,
            has_notes=True,
            has_files=True,
        ),
        ObjectKind(
            name="station",
            label=_("Station"),
            model=Station,
            page="station_detail",
            view=Permission.NETWORK_VIEW,
            has_notes=True,
            has_files=True,
        ),
        ObjectKind(
            name="evse",
            label=_("EVSE"),
            model=Evse,
            page="evse_detail",
            arguments=lambda evse: [evse.station.public_id, evse.number],
            related=("station",),
            view=Permission.NETWORK_VIEW,
            key="pk",
        ),
        *_work_kinds(),
    ]


def _work_kinds() -> list[ObjectKind]:
    """What is charged, what is wrong, and what people and we ask for."""
    return [
        ObjectKind(
            name="session",
            label=_("Session"),
            model=Session,
            page="session_detail",
            view=Permission.SESSION_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="claim",
            label=_("Warranty claim"),
            model=WarrantyClaim,
            page="claim_detail",
            view=Permission.ORDER_VIEW,
            has_files=True,
        ),
        ObjectKind(
            name="order",
            label=_("Work order"),
            model=WorkOrder,
            page="order_detail",
            view=Permission.ORDER_VIEW,
            has_notes=True,
            has_files=True,
        ),
        ObjectKind(
            name="command",
            label=_("Command"),
            model=Command,
            page="command_detail",
            view=Permission.NETWORK_VIEW,
        ),
        ObjectKind(
            name="firmware",
            label=_("Firmware"),
            model=FirmwareImage,
            page="firmware_detail",
            view=Permission.FIRMWARE_VIEW,
        ),
        ObjectKind(
            name="campaign",
            label=_("Firmware campaign"),
            model=Campaign,
            page="campaign_detail",
            view=Permission.FIRMWARE_VIEW,
        ),
        ObjectKind(
            name="incident",
            label=_("Incident"),
            model=Incident,
            page="incident_detail",
            view=Permission.NETWORK_VIEW,
            has_files=True,
        ),
    ]
