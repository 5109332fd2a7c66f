"""Lists of sites, stations (its view is in stations.ocpp, which adds commands) and EVSEs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from stations.hardware.bulk import RETIRE, SET_HANDS_OFF
from stations.hardware.evse_columns import CONNECTOR_FIELDS, EVSE_FIELDS, PART_COLUMNS
from stations.hardware.filters import EvseFilter, StationFilter
from stations.hardware.fleet import count_of, evses, stations, worst_status
from stations.hardware.imports import NO_ID
from stations.hardware.models import Connector, Evse, Station
from stations.hardware.tables import EvseTable, StationTable
from stations.sites.filters import SiteFilter
from stations.sites.imports import HOURS, PUBLIC_COLUMNS, hours_text
from stations.sites.models import Site
from stations.sites.tables import SiteTable

_STATED = (*EVSE_FIELDS, "meter_public_key")


def _sites(_request: HttpRequest) -> QuerySet[Any]:
    queryset: QuerySet[Any] = Site.objects.annotate(
        worst=worst_status(evse__station__site=OuterRef("pk")),
        station_count=count_of(Station.objects.filter(site=OuterRef("pk"), retired_on=None)),
        evse_count=count_of(
            Evse.objects.filter(
                station__site=OuterRef("pk"), station__retired_on=None, retired_on=None
            )
        ),
    ).order_by("name", "id")
    return queryset


def _stations(_request: HttpRequest) -> QuerySet[Any]:
    connectors = Connector.objects.filter(evse=OuterRef("pk"), retired_on=None)
    parts = connectors.order_by("number").values(json=_object(CONNECTOR_FIELDS))
    evses = Evse.objects.filter(station=OuterRef("pk")).order_by("number")
    ids = evses.values("public_id")
    stated = evses.values(json=_object(_STATED, connectors=ArraySubquery(parts)))
    rows: QuerySet[Any] = stations().annotate(
        evse_ids=ArraySubquery(ids), evse_rows=ArraySubquery(stated)
    )
    return rows.order_by("name", "id")


def _object(fields: Iterable[str], **more: Any) -> JSONObject:
    return JSONObject(**{name: F(name) for name in fields}, **more)


def meter_keys_of(station: Any) -> str:
    """The public keys of the meters in the order of the EVSEs, as imports take them."""
    keys = [one["meter_public_key"] or NO_ID for one in station.evse_rows]
    return " ".join(keys) if set(keys) - {NO_ID} else ""


def evse_ids_of(station: Any) -> str:
    """The EVSE ids in order, as imports take them."""
    return " ".join(public_id or NO_ID for public_id in station.evse_ids)


IMPORT = ListAction(
    _("Import"), "import_create", "upload", Permission.IMPORT_USE, False, "kind=stations"
)


SITES = ListSpec(
    name="sites",
    title=_("Sites"),
    permission=Permission.NETWORK_VIEW,
    queryset=_sites,
    filterset=SiteFilter,
    table=SiteTable,
    csv=tuple(
        CsvColumn(name, hours_text if name == HOURS else None)
        for name in (
            "public_id",
            "name",
            "address",
            "postal_code",
            "city",
            "country_code",
            "latitude",
            "longitude",
            "time_zone",
            "power_limit_w",
            "allow_profile_0",
            "worst",
            "station_count",
            "evse_count",
            "commissioned_on",
            "retired_on",
            *(column.name for column in PUBLIC_COLUMNS),
        )
    ),
    empty=EmptyText(
        _("No site yet"),
        _("A site is a place with stations. Create the first one, then add its stations."),
        "site_create",
        _("Create a site"),
        Permission.NETWORK_EDIT,
    ),
    search_hint=_("Name, address or town"),
    actions=(
        replace(IMPORT, query="kind=sites"),
        ListAction(_("New site"), "site_create", permission=Permission.NETWORK_EDIT),
    ),
)

STATIONS = ListSpec(
    name="stations",
    title=_("Stations"),
    permission=Permission.NETWORK_VIEW,
    queryset=_stations,
    filterset=StationFilter,
    table=StationTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("identity"),
        CsvColumn("name"),
        CsvColumn("site", "site.name"),
        CsvColumn("status", "worst"),
        CsvColumn("is_connected", "connected"),
        CsvColumn("ocpp_version", "version"),
        CsvColumn("last_seen_at", "seen"),
        CsvColumn("vendor"),
        CsvColumn("model"),
        CsvColumn("serial_number"),
        CsvColumn("firmware_version"),
        CsvColumn("security_profile"),
        CsvColumn("assume_subprotocol"),
        CsvColumn("hands_off"),
        CsvColumn("evse_ids", evse_ids_of, label=_("EVSE ids")),
        CsvColumn("commissioned_on"),
        CsvColumn("retired_on"),
        *(CsvColumn(one.name, one.of_row, label=one.title) for one in PART_COLUMNS),
        CsvColumn("meter_keys", meter_keys_of, label=_("Public keys of the meters")),
    ),
    empty=EmptyText(
        _("No station yet"),
        _("Add the first one; you get the address and password to enter in it."),
        "station_create",
        _("Add a station"),
        Permission.NETWORK_EDIT,
    ),
    search_hint=_("Name, id, site or serial number"),
    actions=(
        IMPORT,
        ListAction(_("New station"), "station_create", permission=Permission.NETWORK_EDIT),
    ),
    bulk=(SET_HANDS_OFF, RETIRE),
    keys=("public_id", "identity"),
    live_topic="network",
)

EVSES = ListSpec(
    name="evses",
    title=_("EVSEs"),
    permission=Permission.NETWORK_VIEW,
    queryset=lambda _request: evses(),
    filterset=EvseFilter,
    table=EvseTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("number"),
        CsvColumn("status"),
        CsvColumn("station", "station.name"),
        CsvColumn("station_public_id", "station.public_id"),
        CsvColumn("site", "station.site.name"),
        CsvColumn("max_power_w"),
        CsvColumn("current_type"),
        CsvColumn("phases"),
        CsvColumn("is_confirmed"),
    ),
    empty=EmptyText(
        _("No EVSE yet"), _("EVSEs appear when their station connects and reports them.")
    ),
    search_hint=_("EVSE id, station or site"),
    live_topic="network",
)

site_list = list_view(SITES)
evse_list = list_view(EVSES)
