"""Calendars of people on site: a signed address that nobody guesses, ended at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Membership
from core.accounts.permissions import Permission, allowed
from core.audit.services import record
from core.errors import RuleViolation
from core.tenancy.scopes import across_operators
from stations.maintenance import lifecycle
from stations.maintenance.calendar_text import Event, calendar
from stations.maintenance.field_models import CalendarFeed
from stations.maintenance.models import WorkOrder
from stations.maintenance.selectors import orders_for

PLANNED: Final = timedelta(hours=1)
"""How long an order takes in the calendar; nobody knows it beforehand."""
KEPT: Final = timedelta(days=30)
MOST: Final = 500
_SIGNER: Final = signing.Signer(salt="stations.maintenance.calendar", sep="~")


@transaction.atomic
def make_feed(*, membership: Membership) -> str:
    """A new address for a person's calendar; the one before ends. It is told this once.
    Two taps make one after the other."""
    if not _may(membership):
        raise RuleViolation("no_field", _("Your role may not do this."))
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    _end(membership)
    secret = secrets.token_urlsafe(24)
    feed = CalendarFeed.objects.create(
        operator_id=membership.operator_id, membership=membership, digest=_digest(secret)
    )
    record("calendar_feed.create", feed, operator_id=membership.operator_id)
    return settings.PUBLIC_URL + reverse("calendar_feed", args=[_SIGNER.sign(secret)])


@transaction.atomic
def end_feed(*, membership: Membership) -> None:
    """End the address; refused where there is none."""
    if not _end(membership):
        raise RuleViolation("no_calendar", _("There is no calendar address."))


def feed_of(membership: Membership) -> CalendarFeed | None:
    """The address that stands."""
    found: CalendarFeed | None = CalendarFeed.objects.filter(
        membership=membership, revoked_at=None
    ).first()
    return found


def member_behind(token: str) -> Membership | None:
    """Whose calendar an address is; None for a forged or ended one, and where the person may not
    work on site any more."""
    try:
        secret = _SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    with across_operators("the address of a calendar names its operator"):
        feed = (
            CalendarFeed.objects.select_related("membership__operator", "membership__user")
            .filter(digest=_digest(secret), revoked_at=None)
            .first()
        )
        if feed is None or not _may(feed.membership):
            return None
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=timezone.now())
    member: Membership = feed.membership
    return member


def calendar_of(membership: Membership, now: datetime) -> str:
    """The person's planned orders, and what became of those of the last thirty days."""
    rows = _orders(membership, now).annotate(changed_at=Max("entries__at"))
    name = _("Work orders, %(operator)s") % {"operator": membership.operator.name}
    return calendar(name, [_event(order) for order in rows[:MOST]], now=now)


def _orders(membership: Membership, now: datetime) -> QuerySet[WorkOrder]:
    wanted = Q(assignee=membership)
    if hasattr(membership, "partner_member"):
        wanted |= Q(assignee=None)  # of the own company alone, by ``orders_for``
    rows = orders_for(membership).filter(wanted, scheduled_at__gte=now - KEPT)
    return rows.prefetch_related(None).order_by("scheduled_at", "id")


def _event(order: WorkOrder) -> Event:
    site = order.site
    where = f"{site.address}, {site.postal_code} {site.city}".strip(" ,")
    what = [order.get_priority_display(), order.description, order.fault_codes]
    begins = order.scheduled_at or order.opened_at
    changed = getattr(order, "changed_at", None) or order.opened_at
    return Event(
        uid=f"{order.public_id}@portal",
        begins_at=begins,
        ends_at=begins + PLANNED,
        changed_at=changed,
        sequence=int((changed - order.opened_at).total_seconds() // 60),
        summary=f"{order} · {site}",
        description="\n".join(str(one) for one in [order.station or "", *what] if one),
        place=f"{site.name}, {where}" if where else site.name,
        latitude=site.latitude,
        longitude=site.longitude,
        url=settings.PUBLIC_URL + reverse("field_detail", args=[order.public_id]),
        is_cancelled=order.state == lifecycle.CANCELLED,
    )


def _may(membership: Membership) -> bool:
    return (
        membership.is_active
        and membership.user.is_active
        and membership.operator.is_active
        and allowed(membership.role, Permission.ORDER_WORK, is_limited=membership.is_limited)
    )


def _end(membership: Membership) -> bool:
    held = CalendarFeed.objects.select_for_update().filter(membership=membership, revoked_at=None)
    feed = held.first()
    if feed is None:
        return False
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    record("calendar_feed.end", feed, operator_id=membership.operator_id)
    return True


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
