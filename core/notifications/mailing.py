"""Notifications by e-mail, several in one mail where several are due."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.accounts.models import Membership
from core.notifications.events import event_kinds
from core.notifications.models import Notification
from core.notifications.ways import Way
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from core.ui.zone_names import zone_names


@dataclass(frozen=True, slots=True)
class Line:
    """One notification in words."""

    title: str
    text: str
    url: str
    happened_at: datetime


def in_words(notification: Notification) -> tuple[str, str]:
    """Title and sentence in the active language; the bare event where its room is gone."""
    kind = event_kinds().get(notification.event)
    if kind is None:
        return notification.event, ""
    return str(kind.label), kind.words(notification.params)


def zone_of(membership: Membership) -> zoneinfo.ZoneInfo:
    """The zone in which the member reads times."""
    name = membership.user.time_zone or membership.operator.time_zone
    if name in zone_names():
        return zoneinfo.ZoneInfo(name)
    return zoneinfo.ZoneInfo("UTC")


def language_of(membership: Membership) -> str:
    """The language in which the member reads."""
    language = membership.user.language
    return language if language in dict(settings.LANGUAGES) else "en"


def send_mail(membership: Membership, notifications: Sequence[Notification]) -> str:
    """One mail with all of them in the person's language; what the server objected, or ""."""
    user = membership.user
    with override(language_of(membership)), timezone.override(zone_of(membership)):
        lines = [
            Line(*in_words(one), settings.PUBLIC_URL + one.url, one.happened_at)
            for one in notifications
        ]
        message = compose(
            "notifications",
            operator=membership.operator,
            setup=setup_of(membership.operator),
            to=user.email,
            context={"lines": lines, "first": lines[0], "person": user},
        )
    return why_not_sent(message)


EMAIL = Way("email", _("By e-mail"), send_mail)
