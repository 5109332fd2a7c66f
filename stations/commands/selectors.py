"""Reading commands."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from stations.commands.models import Command


def commands() -> QuerySet[Command]:
    """All commands of the operator in scope with their stations, newest first."""
    return Command.objects.select_related("station").order_by("-created_at", "-id")


def batch(batch_id: UUID) -> QuerySet[Command]:
    """The commands that were asked for together, by station."""
    return commands().filter(batch_id=batch_id).order_by("station__name", "id")
