"""Table of one's own notifications."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import ListTable, MomentColumn, TextColumn
from core.notifications.mailing import in_words
from core.notifications.models import Notification


class WordsColumn(TextColumn):
    """What happened, in words; bold while unread, linked to a page that marks it read."""

    css = "card-title"

    def render(self, record: Any) -> SafeString:
        """Title, and the sentence below."""
        title, text = in_words(record)
        shown = format_html('<span class="title">{}</span>', title)
        if record.read_at is None:
            shown = format_html("<strong>{}</strong>", shown)
        url = reverse("notification_detail", args=[record.pk])
        return format_html('<a href="{}">{}</a><span class="under">{}</span>', url, shown, text)


class NotificationTable(ListTable):
    """Notifications, the newest first."""

    event = WordsColumn(_("What"), orderable=False)
    happened_at = MomentColumn(_("Time"))
    read_at = MomentColumn(_("Read"))

    class Meta(ListTable.Meta):
        model = Notification
        fields: tuple[str, ...] = ()
