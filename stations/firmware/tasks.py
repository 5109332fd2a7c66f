"""Tasks of firmware and logs; they pull what is due."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.firmware import log_following, logs, working


@shared_task(soft_time_limit=50, time_limit=60)
def work_campaigns() -> None:
    """Read what stations told of their updates, judge campaigns, ask further stations."""
    now = timezone.now()
    with across_operators("campaigns of every operator go on"):
        working.follow_due(now=now)
        working.judge_due(now=now)
        working.send_due(now=now)


@shared_task(soft_time_limit=50, time_limit=60)
def follow_logs() -> None:
    """Read what stations told of the logs they were asked for."""
    with across_operators("logs of every operator's stations are followed"):
        log_following.follow_logs(now=timezone.now())


@shared_task(soft_time_limit=110, time_limit=120)
def purge_logs() -> None:
    """Delete logs whose days are over."""
    with across_operators("logs of every operator's stations are deleted in time"):
        logs.purge_due(now=timezone.now())
