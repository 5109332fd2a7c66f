"""Reading remedies: runs, and what they saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from stations.incidents.choices import IncidentState, Resolution, RunState
from stations.incidents.models import Incident
from stations.incidents.remedy_models import RemedyRun, RemedyStep


@dataclass(frozen=True, slots=True)
class StepRow:
    """One action by class of fault: how often it was tried, how often it helped, what it saved."""

    fault_class: str
    action: str
    tried: int
    helped: int
    proven: int
    saved_s: int

    @property
    def share(self) -> float | None:
        """How often it helped."""
        return self.helped / self.tried if self.tried else None


@dataclass(frozen=True, slots=True)
class Savings:
    """What healing saved since a day: incidents over, those without a person, time."""

    ended: int
    healed: int
    by_itself: int
    proven: int
    saved_s: int
    steps: list[StepRow]


def runs() -> QuerySet[RemedyRun]:
    """All runs, the latest first."""
    found: QuerySet[RemedyRun] = RemedyRun.objects.select_related(
        "incident", "station", "site", "evse"
    )
    return found.order_by("-started_at", "-pk")


def savings(since: datetime) -> Savings:
    """From runs that were carried out and incidents that ended since then."""
    ended = Incident.objects.filter(state=IncidentState.RESOLVED, resolved_at__gte=since)
    totals = ended.aggregate(
        ended=Count("pk"),
        healed=Count("pk", filter=Q(resolution=Resolution.REMEDY)),
        by_itself=Count("pk", filter=Q(resolution=Resolution.ITSELF)),
        proven=Count("pk", filter=Q(resolution=Resolution.REMEDY, proven_at__isnull=False)),
    )
    tried = RemedyStep.objects.filter(run__is_dry=False, run__started_at__gte=since)
    counts: dict[tuple[str, str], int] = {
        (fault, action): count
        for fault, action, count in tried.order_by()
        .values_list("run__fault_class", "action")
        .annotate(count=Count("pk"))
    }
    good: dict[tuple[str, str], Any] = {
        (row["fault_class"], row["helped_by"]): row
        for row in RemedyRun.objects.filter(
            state=RunState.SUCCEEDED, is_dry=False, started_at__gte=since
        )
        .order_by()
        .values("fault_class", "helped_by")
        .annotate(
            helped=Count("pk"),
            proven=Count("pk", filter=Q(incident__proven_at__isnull=False)),
            saved=Sum("saved_s"),
        )
    }
    steps = []
    for key, count in sorted(counts.items()):
        row = good.get(key, {"helped": 0, "proven": 0, "saved": 0})
        steps.append(StepRow(*key, count, row["helped"], row["proven"], int(row["saved"] or 0)))
    return Savings(saved_s=sum(one.saved_s for one in steps), steps=steps, **totals)
