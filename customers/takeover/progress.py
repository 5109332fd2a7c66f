"""How far each station of a takeover has come, from journals and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Upper

from core.imports.models import ImportRun
from customers.takeover.models import Cohort, CohortImport
from customers.tokens.models import IdToken
from stations.hardware.journal_models import ConnectionJournal
from stations.hardware.models import Station
from stations.ocpp.knocks import in_words
from stations.ocpp.models import AuthorisationAttempt, Knock
from stations.sessions.models import Session

WAITING, KNOCKED, CONNECTED, CHARGED = "waiting", "knocked", "connected", "charged"
STAGES: Final = (WAITING, KNOCKED, CONNECTED, CHARGED)
_REFUSED_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class StationProgress:
    """One station: its address is changed when it came at all; then connected, then charged."""

    station: Station
    stage: str
    knocked_at: datetime | None
    refusal: str
    connected_at: datetime | None
    charged_at: datetime | None
    session_count: int

    @property
    def address_changed_at(self) -> datetime | None:
        """The first sign of it here."""
        return min(filter(None, (self.knocked_at, self.connected_at)), default=None)


@dataclass(frozen=True, slots=True)
class Progress:
    """All of a cohort. ``refused``: cards that its stations presented and nobody knew."""

    stations: list[StationProgress]
    token_count: int
    token_used_count: int
    driver_count: int
    refused: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Stations by stage, in their order."""
        stages = [one.stage for one in self.stations]
        return [(stage, stages.count(stage)) for stage in STAGES]

    @property
    def is_complete(self) -> bool:
        """Whether every station has charged."""
        return bool(self.stations) and all(one.stage == CHARGED for one in self.stations)


def runs_of(cohort: Cohort) -> QuerySet[ImportRun]:
    """The imports of a cohort."""
    ids = CohortImport.objects.filter(cohort=cohort).values("run_id")
    runs: QuerySet[ImportRun] = ImportRun.objects.filter(pk__in=ids)
    return runs.defer("original", "sheet").order_by("created_at", "id")


def progress_of(cohort: Cohort, runs: Iterable[ImportRun]) -> Progress:
    """A constant number of queries, whatever the size."""
    ids: dict[str, set[int]] = {}
    for run in runs:
        ids.setdefault(run.kind, set()).update(row["id"] for row in run.objects_done)
    stations = list(
        Station.objects.filter(pk__in=ids.get("stations", ()))
        .select_related("site", "link")
        .order_by("site__name", "name", "id")
    )
    keys = [station.pk for station in stations]
    since = cohort.created_at
    knocks = _latest_knocks(keys)
    connected = _first_connections(keys, cohort.operator_id, since)
    charged = _first_sessions(keys, since)
    uids = set(
        IdToken.objects.filter(pk__in=ids.get("tokens", ()))
        .annotate(plain=Upper("uid"))
        .values_list("plain", flat=True)
    )
    return Progress(
        [_one(station, knocks, connected, charged) for station in stations],
        len(uids),
        len(uids & _accepted(keys, since)) if keys else 0,
        len(ids.get("drivers", ())),
        _refused(keys, since),
    )


def _one(
    station: Station,
    knocks: dict[int, Knock],
    connected: dict[int, datetime],
    charged: dict[int, dict[str, Any]],
) -> StationProgress:
    knock = knocks.get(station.pk)
    connected_at = connected.get(station.pk)
    sessions = charged.get(station.pk, {})
    stage = WAITING
    if sessions:
        stage = CHARGED
    elif connected_at is not None:
        stage = CONNECTED
    elif knock is not None:
        stage = KNOCKED
    return StationProgress(
        station=station,
        stage=stage,
        knocked_at=knock.first_at if knock else None,
        refusal=in_words(knock.reason) if knock and stage == KNOCKED else "",
        connected_at=connected_at,
        charged_at=sessions.get("first"),
        session_count=sessions.get("count", 0),
    )


def _latest_knocks(keys: list[int]) -> dict[int, Knock]:
    rows = Knock.objects.filter(station_id__in=keys).order_by("last_at", "id")
    return {int(row.station_id): row for row in rows if row.station_id is not None}


def _first_connections(keys: list[int], operator_id: int, since: datetime) -> dict[int, datetime]:
    rows = (
        ConnectionJournal.objects.filter(
            operator_id=operator_id, station_id__in=keys, received_at__gte=since, kind="connected"
        )
        .order_by()
        .values("station_id")
        .annotate(first=Min("happened_at"))
    )
    return {row["station_id"]: row["first"] for row in rows}


def _first_sessions(keys: list[int], since: datetime) -> dict[int, dict[str, Any]]:
    rows = (
        Session.objects.filter(station_id__in=keys, first_received_at__gte=since, energy_wh__gt=0)
        .order_by()
        .values("station_id")
        .annotate(first=Min("first_received_at"), count=Count("pk"))
    )
    return {row["station_id"]: row for row in rows}


def _attempts(keys: list[int], since: datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = AuthorisationAttempt.objects.filter(station_id__in=keys, at__gte=since)
    plain: QuerySet[Any] = rows.order_by().annotate(plain=Upper("id_token"))
    return plain


def _accepted(keys: list[int], since: datetime) -> set[str]:
    accepted = _attempts(keys, since).filter(decision__iexact="accepted")
    return set(accepted.values_list("plain", flat=True).distinct())


def _refused(keys: list[int], since: datetime) -> list[dict[str, Any]]:
    """Cards that were refused at these stations, the most frequent first."""
    if not keys:
        return []
    rows = _attempts(keys, since).exclude(decision__iexact="accepted").values("plain")
    return list(rows.annotate(count=Count("pk")).order_by("-count", "plain")[:_REFUSED_SHOWN])
