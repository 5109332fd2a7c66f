"""Reading tariffs, versions and assignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from billing.tariffs.difference import Change, difference
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion, VersionState


def tariffs() -> QuerySet[Tariff]:
    """Tariffs of the operator in scope, by name."""
    found: QuerySet[Tariff] = Tariff.objects.select_related("operator").order_by("name", "id")
    return found


def tariff_rows(now: datetime) -> QuerySet[Tariff]:
    """Tariffs with ``shown_status``, ``version_number`` in force, ``changes_at`` and
    ``place_count`` (assignments that hold now)."""
    published = TariffVersion.objects.filter(
        tariff=OuterRef("pk"), state=VersionState.PUBLISHED
    ).order_by("-takes_effect_at")
    draft = TariffVersion.objects.filter(tariff=OuterRef("pk"), state=VersionState.DRAFT)
    to_come = published.filter(takes_effect_at__gt=now).order_by("takes_effect_at")
    holding = (
        holding_at(TariffAssignment.objects.filter(tariff=OuterRef("pk")), now)
        .order_by()
        .values("tariff")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = tariffs().annotate(
        version_number=Subquery(published.filter(takes_effect_at__lte=now).values("number")[:1]),
        changes_at=Subquery(to_come.values("takes_effect_at")[:1]),
        has_draft=Exists(draft),
        place_count=Coalesce(Subquery(holding, output_field=IntegerField()), 0),
    )
    return rows.annotate(
        shown_status=Case(
            When(retired_at__isnull=False, then=Value("retired")),
            When(version_number__isnull=False, then=Value("in_force")),
            When(changes_at__isnull=False, then=Value("scheduled")),
            default=Value("draft"),
            output_field=CharField(),
        )
    )


def holding_at(rows: QuerySet[TariffAssignment], at: datetime) -> QuerySet[TariffAssignment]:
    """Assignments that hold at an instant."""
    return rows.filter(valid_from_at__lte=at).filter(Q(valid_to_at=None) | Q(valid_to_at__gt=at))


def assignments(now: datetime) -> QuerySet[TariffAssignment]:
    """Assignments with what they point at and ``shown_status``, the latest first."""
    found: QuerySet[TariffAssignment] = TariffAssignment.objects.select_related(
        "tariff", "site", "station__site", "evse__station__site", "price_group"
    )
    return found.annotate(
        shown_status=Case(
            When(valid_to_at__lte=now, then=Value("ended")),
            When(valid_from_at__gt=now, then=Value("scheduled")),
            default=Value("in_force"),
            output_field=CharField(),
        )
    ).order_by("-valid_from_at", "-id")


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version, its state as people read it, and what it changed from the one before."""

    version: TariffVersion
    status: str
    changes: tuple[Change, ...]


def shown_versions(tariff: Tariff, now: datetime) -> Sequence[ShownVersion]:
    """All versions, the newest first, each with its changes."""
    rows = list(tariff.versions.order_by("number"))
    current = _in_force(rows, now)
    shown: list[ShownVersion] = []
    before: TariffVersion | None = None
    for row in rows:
        changes = difference(before.document, row.document) if before else ()
        shown.append(ShownVersion(row, _status(row, current, now), changes))
        if row.state != VersionState.RETIRED:
            before = row
    return shown[::-1]


def _in_force(rows: Sequence[TariffVersion], now: datetime) -> TariffVersion | None:
    begun = [
        row
        for row in rows
        if row.state == VersionState.PUBLISHED
        and row.takes_effect_at is not None
        and row.takes_effect_at <= now
    ]
    return max(begun, key=lambda row: row.takes_effect_at or now, default=None)


def _status(row: TariffVersion, current: TariffVersion | None, now: datetime) -> str:
    if row.state == VersionState.DRAFT:
        return "draft"
    if row.state == VersionState.RETIRED:
        return "withdrawn"
    if row is current:
        return "in_force"
    return "scheduled" if row.takes_effect_at and row.takes_effect_at > now else "superseded"


def version_rows(tariff: Tariff) -> QuerySet[TariffVersion]:
    """Versions of a tariff for the API, the newest first."""
    found: QuerySet[TariffVersion] = tariff.versions.annotate(tariff_ref=F("tariff__public_id"))
    return found.order_by("-number")
