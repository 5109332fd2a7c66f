"""Finding by the clock what is to be read, compared, booked and applied."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.accounts.models import Operator
from core.audit.services import SYSTEM
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from stations.commands.models import FINAL_STATES, Command, CommandState
from stations.configuration import facts
from stations.configuration.apply import BY_ITSELF, Wish, apply_to_many, book
from stations.configuration.models import ConfigurationState, ConfigurationTemplate, DesiredValue
from stations.configuration.refresh import refresh, state_row
from stations.hardware.journal_models import ValueChange
from stations.hardware.models import Station
from stations.ocpp.sending import request_command

COMPARED_ANEW: Final = timedelta(hours=1)
READ_ANEW: Final = timedelta(days=7)
SETTLED: Final = timedelta(seconds=30)
"""What a station gets after its start before it is asked anything here."""
APPLIED_WITHIN: Final = timedelta(minutes=30)
COMPARED_A_RUN, READ_A_RUN, APPLIED_A_RUN = 200, 10, 10
"""Stations in one run of the clock: reading and applying is spread over the fleet."""


def _stations() -> QuerySet[Station]:
    return Station.objects.filter(retired_on=None).select_related("link").order_by("pk")


def _open_commands() -> Exists:
    open_ones = Command.objects.filter(station=OuterRef("pk")).filter(
        state__in=[CommandState.QUEUED, CommandState.SENT]
    )
    return Exists(open_ones)


def book_ended() -> int:
    """Write down the answers to attempts; returns the number of stations."""
    with across_operators("answers to every operator's attempts are booked"):
        ended = DesiredValue.objects.filter(is_pending=True).filter(
            Q(command=None) | Q(command__state__in=FINAL_STATES)
        )
        found = list(
            _stations()
            .filter(pk__in=ended.order_by().values("station").distinct())
            .select_related("operator")[:COMPARED_A_RUN]
        )
    for station in found:
        with operator_scope(station.operator):
            book(station)
    return len(found)


def compare_due(now: datetime) -> int:
    """Compare stations anew for which something has changed; returns how many."""
    with across_operators("stations of every operator are compared"):
        found = list(_due(now).select_related("operator")[:COMPARED_A_RUN])
    by_operator: dict[Operator, list[Station]] = {}
    for station in found:
        by_operator.setdefault(station.operator, []).append(station)
    for operator, stations in by_operator.items():
        with operator_scope(operator):
            templates = facts.template_facts()
            for station in stations:
                refresh(station, templates)
    return len(found)


def _due(now: datetime) -> QuerySet[Station]:
    """Stations that have connected, and whose values, make or site are newer than the last
    comparison; or that have not been compared for an hour."""
    state = ConfigurationState.objects.filter(station=OuterRef("pk"))
    newer = ValueChange.objects.filter(station=OuterRef("pk")).filter(
        id__gt=OuterRef("configuration_state__seen_change")
    )
    return (
        _stations()
        .exclude(link__ocpp_version="")
        .filter(link__isnull=False)
        .filter(
            ~Exists(state)
            | Q(configuration_state__is_due=True)
            | Q(configuration_state__computed_at__lt=now - COMPARED_ANEW)
            | Q(Exists(newer))
            | _is_another()
        )
    )


def _is_another() -> Q:
    """The station is at another site, of another make or version than when last compared."""
    pairs = {
        "site": "site_id",
        "version": "link__ocpp_version",
        "vendor": "vendor",
        "model": "model",
        "firmware": "firmware_version",
        "hands_off": "hands_off",
    }
    found = Q()
    for seen, present in pairs.items():
        found |= ~Q(**{f"configuration_state__matched_{seen}": F(present)})
    return found


def read_due(now: datetime) -> int:
    """Ask stations for their configuration: after each start, and once a week."""
    with across_operators("stations of every operator are read"):
        found = list(
            _ready(now)
            .filter(
                Q(configuration_state__read_asked_at=None)
                | Q(configuration_state__read_asked_at__lt=F("link__booted_at"))
                | Q(configuration_state__read_asked_at__lt=now - READ_ANEW)
            )
            .select_related("operator")[:READ_A_RUN]
        )
    for station in found:
        with operator_scope(station.operator):
            _read(station, now)
    return len(found)


def _ready(now: datetime) -> QuerySet[Station]:
    """Stations that may be asked by the system: connected, settled, not busy, not hands-off."""
    return (
        _stations()
        .filter(hands_off=False, link__is_connected=True, link__connected_at__lt=now - SETTLED)
        .exclude(link__booted_at__gte=now - SETTLED)
        .exclude(link__ocpp_version="")
        .exclude(_open_commands())
    )


@transaction.atomic
def _read(station: Station, now: datetime) -> None:
    row = state_row(station)
    row.read_asked_at = now
    row.save(update_fields=["read_asked_at"])
    command = "get_configuration" if station.link.ocpp_version == "1.6" else "get_base_report"
    try:
        request_command(station=station, command=command, by=SYSTEM, reason="configuration")
    except RuleViolation:
        return


def apply_due(now: datetime) -> int:
    """Set what differs from templates that apply by themselves, once after each start of a
    station, when it has been read again; returns the number of stations."""
    with across_operators("stations of every operator are set up again"):
        waiting = DesiredValue.objects.filter(
            station=OuterRef("pk"), state__in=BY_ITSELF, is_pending=False, template__reapplies=True
        )
        found = list(
            _ready(now)
            .filter(
                Exists(waiting),
                link__booted_at__gte=now - APPLIED_WITHIN,
                configuration_state__read_asked_at__gte=F("link__booted_at"),
            )
            .filter(
                Q(configuration_state__applied_boot_at=None)
                | Q(configuration_state__applied_boot_at__lt=F("link__booted_at"))
            )
            .select_related("operator")[:APPLIED_A_RUN]
        )
    for station in found:
        with operator_scope(station.operator):
            _apply(station)
    return len(found)


@transaction.atomic
def _apply(station: Station) -> None:
    row = state_row(station)
    row.applied_boot_at = station.link.booted_at
    row.save(update_fields=["applied_boot_at"])
    templates = ConfigurationTemplate.objects.filter(reapplies=True, is_active=True)
    wish = Wish(
        reason="template applied after a restart",
        template_ids=frozenset(templates.values_list("pk", flat=True)),
    )
    apply_to_many([station], wish, by=SYSTEM)
