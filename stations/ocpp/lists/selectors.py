"""Reading local lists: how far each station's is from what it should be."""

from __future__ import annotations

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from stations.hardware.models import Station
from stations.ocpp.lists.settings import Choices, choice_of
from stations.ocpp.models import LocalList

STANDINGS = ("in_step", "behind", "sending", "failing", "unsupported")


def standing() -> Case:
    """Where a list stands, in one word."""
    return Case(
        When(is_pending=True, then=Value("sending")),
        When(
            Q(unsupported_at__isnull=False)
            & Q(unsupported_firmware=F("station__firmware_version")),
            then=Value("unsupported"),
        ),
        When(failures__gt=0, then=Value("failing")),
        When(needs_full=True, then=Value("behind")),
        When(
            Q(reported_version__isnull=False) & ~Q(reported_version=F("version")),
            then=Value("behind"),
        ),
        When(held_hash=F("wanted_hash"), then=Value("in_step")),
        When(Q(held_count=0) & Q(wanted_count=0), then=Value("in_step")),
        default=Value("behind"),
        output_field=CharField(),
    )


def local_lists() -> QuerySet[LocalList]:
    """The lists of stations in use, with ``standing``."""
    rows: QuerySet[LocalList] = LocalList.objects.filter(station__retired_on=None)
    return (
        rows.select_related("station__site", "station__link", "command")
        .annotate(standing=standing())
        .order_by("station__name", "station_id")
    )


def local_list_of(station: Station) -> LocalList:
    """The station's list with ``standing``; an unsaved empty one when there was none."""
    found: LocalList | None = local_lists_of(station).first()
    if found is None:
        found = LocalList(station=station, operator_id=station.operator_id)
        found.standing = "off"  # type: ignore[attr-defined]  # for the page
    if not Choices().is_enabled(station, choice_of(found)):
        found.standing = "off"  # type: ignore[attr-defined]  # for the page
    return found


def local_lists_of(station: Station) -> QuerySet[LocalList]:
    """The one list of a station, be it retired."""
    rows: QuerySet[LocalList] = LocalList.objects.filter(station=station)
    return rows.select_related("command").annotate(standing=standing())
