"""Reading templates, desired values and what stations took over time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from stations.commands.models import FINAL_STATES, Command
from stations.commands.selectors import batch
from stations.configuration.apply import answer_of
from stations.configuration.models import ConfigurationTemplate, DesiredValue, DriftState
from stations.configuration.results import asked_values
from stations.hardware.journal_models import ValueChange
from stations.hardware.models import Station


def templates() -> QuerySet[ConfigurationTemplate]:
    """Templates with the number of their values, of stations they decide for, and of drifts."""
    deciding = Count("desired_values__station", distinct=True)
    differing = Count(
        "desired_values",
        filter=~Q(desired_values__state=DriftState.IN_STEP),
        distinct=True,
    )
    rows: QuerySet[ConfigurationTemplate] = ConfigurationTemplate.objects.order_by(
        "-priority", "name", "id"
    )
    return rows.annotate(
        value_count=Count("values", distinct=True), station_count=deciding, drift_count=differing
    )


def desired_values(station: Station) -> QuerySet[DesiredValue]:
    """The desired values of a station by key."""
    return (
        DesiredValue.objects.filter(station=station)
        .select_related("template", "command")
        .order_by("key", "id")
    )


def drifts() -> QuerySet[DesiredValue]:
    """Every value of a station in use that is not as desired, the latest first."""
    return (
        DesiredValue.objects.exclude(state=DriftState.IN_STEP)
        .filter(station__retired_on=None)
        .select_related("station__site", "station__link", "template", "command")
        .order_by("-since_at", "-id")
    )


def changes(station: Station, key: str = "") -> QuerySet[ValueChange]:
    """The values that a station's keys took, newest first; of one key when given."""
    rows = ValueChange.objects.filter(station=station)
    return (rows.filter(key__iexact=key) if key else rows).order_by("-id")


@dataclass(slots=True)
class KeyResult:
    """One key that a command is to set, and the station's answer."""

    key: str
    value: str
    command: Command
    answer: str

    @property
    def is_finished(self) -> bool:
        """Whether an answer is still to come."""
        return self.command.state in FINAL_STATES


@dataclass(slots=True)
class StationResult:
    """What came of one station's commands of a run."""

    station: Station
    keys: list[KeyResult] = field(default_factory=list)
    read_back: list[Command] = field(default_factory=list)

    @property
    def finished(self) -> int:
        """How many keys have been answered."""
        return sum(key.is_finished for key in self.keys)


def run_results(batch_id: UUID) -> list[StationResult]:
    """Results of a run by station; empty when there is no such run."""
    found: dict[int, StationResult] = {}
    keys: defaultdict[int, list[KeyResult]] = defaultdict(list)
    for command in batch(batch_id).order_by("station__name", "station_id", "id"):
        result = found.setdefault(command.station_id, StationResult(command.station))
        asked = asked_values(command.action, command.payload)
        if not asked:
            result.read_back.append(command)
        keys[command.station_id] += [
            KeyResult(key, value, command, answer_of(command, key)) for key, value in asked.items()
        ]
    for pk, result in found.items():
        result.keys = keys[pk]
    return list(found.values())
