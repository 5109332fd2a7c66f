"""Tasks of commands."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.commands import services

NO_ANSWER_AFTER = timedelta(minutes=3)


@shared_task(soft_time_limit=25, time_limit=30)
def expire_commands() -> None:
    """Finish commands that were never sent or never answered."""
    with across_operators("commands of every operator expire"):
        services.expire_commands(now=timezone.now(), no_answer_after=NO_ANSWER_AFTER)
