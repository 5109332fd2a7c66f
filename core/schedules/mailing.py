"""The e-mail of a delivery, in the recipient's language and zone."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts.models import Membership
from core.schedules.models import Delivery
from core.ui.zone_names import zone_names


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent; without ``content`` the file is fetched by a link."""

    delivery: Delivery
    file_name: str
    content_type: str
    row_count: int
    filters: list[str]
    page: str
    content: bytes | None


def send(mail: Mail, member: Membership) -> None:
    """One e-mail to one member."""
    user = member.user
    zone = user.time_zone or member.operator.time_zone
    known = zone if zone in zone_names() else settings.TIME_ZONE
    with translation.override(user.language), timezone.override(zoneinfo.ZoneInfo(known)):
        message = _message(mail, member)
    message.send()


def _message(mail: Mail, member: Membership) -> EmailMultiAlternatives:
    schedule = mail.delivery.schedule
    public = settings.PUBLIC_URL
    context = {
        "mail": mail,
        "schedule": schedule,
        "operator": member.operator,
        "owner": schedule.owner.user,
        "list_url": f"{public}{mail.page}",
        "schedule_url": public + reverse("schedule_detail", args=[schedule.public_id]),
        "file_url": public + reverse("delivery_file", args=[mail.delivery.public_id]),
    }
    name = "emails/scheduled_file"
    subject = " ".join(render_to_string(f"{name}.subject.txt", context).split())
    message = EmailMultiAlternatives(
        subject, render_to_string(f"{name}.txt", context), to=[member.user.email]
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    if mail.content is not None:
        message.attach(mail.file_name, mail.content, mail.content_type.partition(";")[0])
    return message
