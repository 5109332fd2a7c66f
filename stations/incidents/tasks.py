"""Tasks of incidents; each turn looks at what is so, and goes on where the last one stopped."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.incidents import detecting
from stations.incidents.remedies import proving, restoring, running

_WHY = "every operator's stations are watched"


@shared_task(soft_time_limit=50, time_limit=60)
def detect_state() -> None:
    """Faults and lost contact."""
    with across_operators(_WHY):
        detecting.detect_state(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def detect_told() -> None:
    """What sessions, cards and messages tell."""
    with across_operators(_WHY):
        detecting.detect_told(now=timezone.now())


@shared_task(soft_time_limit=280, time_limit=300)
def detect_silence() -> None:
    """Available, but not used."""
    with across_operators(_WHY):
        detecting.detect_silence(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def heal_due() -> None:
    """Begin runs of remedies and take their next steps."""
    with across_operators(_WHY):
        running.start_due(now=timezone.now())
        running.advance_due(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def prove_healed() -> None:
    """Look at the sessions after what was healed, and put back what ended runs left out of
    service."""
    with across_operators(_WHY):
        restoring.put_back(now=timezone.now())
        proving.prove(now=timezone.now())
