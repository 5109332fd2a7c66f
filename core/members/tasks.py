"""Sending invitations; the table tells which, so a lost message loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.members import invitations
from core.tenancy.scopes import across_operators


@shared_task(soft_time_limit=50, time_limit=60)
def send_invitation(pk: int) -> None:
    """Send one invitation, unless that has been done."""
    with across_operators("invitations of every operator are sent"):
        invitations.send_due(timezone.now(), pk=pk)


@shared_task(soft_time_limit=110, time_limit=120)
def send_invitations() -> None:
    """Send all that wait."""
    with across_operators("invitations of every operator are sent"):
        invitations.send_due(timezone.now())
