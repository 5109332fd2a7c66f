"""The task that makes a queued command go out sooner."""

from __future__ import annotations

from celery import shared_task

from stations.ocpp.bridge.host import current_host


@shared_task(name="stations.ocpp.bridge.tasks.deliver", ignore_result=True, time_limit=30)
def deliver(command_id: int) -> None:
    """Tell this process's bridge about a queued command; it checks everything itself."""
    host = current_host()
    if host is not None:
        host.deliver(command_id)
