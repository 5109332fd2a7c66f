"""Tasks of sessions; each pulls what is to be done, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.plugins import plugged
from core.soon import soon
from core.tenancy.scopes import across_operators
from stations.sessions import services


@shared_task(soft_time_limit=110, time_limit=120)
def reconcile_due() -> None:
    """Reconcile sessions that have new facts."""
    with across_operators("sessions of every operator are reconciled"):
        written = services.reconcile_due_sessions()
    if written:  # upper floors pull what is new by themselves; this makes it sooner
        for task in plugged("AFTER_RECONCILING"):
            soon(task)


@shared_task(soft_time_limit=110, time_limit=120)
def watch_sessions() -> None:
    """Match late facts, then close sessions whose end never came."""
    now = timezone.now()
    with across_operators("sessions of every operator are watched"):
        services.match_late_facts(now=now)
        services.watch_open_sessions(now=now)
