"""Tables of the OCPP journal and knocks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import (
    DurationColumn,
    IdColumn,
    LinkColumn,
    ListTable,
    MomentColumn,
    TextColumn,
)
from core.ui import html
from stations.ocpp.knocks import in_words as knock_in_words
from stations.ocpp.models import FrameJournal, Knock

_ARROWS = {
    "in": ("arrow-down-left", _("From the station")),
    "out": ("arrow-up-right", _("To the station")),
    "stray": ("question-mark", _("Stray")),
}


class FrameTable(ListTable):
    """Exchanges: call and answer together."""

    received_at = MomentColumn(_("Time"), seconds=True, orderable=True)
    direction = TextColumn(_("Direction"))
    action = TextColumn(_("Action"), empty_values=())
    station_name = TextColumn(_("Station"))
    outcome = TextColumn(_("Outcome"))
    took = DurationColumn(_("Took"), orderable=False)
    message_id = IdColumn(_("Correlation id"), card_hide=True)

    class Meta(ListTable.Meta):
        model = FrameJournal
        fields: tuple[str, ...] = ()
        orderable = False  # only the time has an index over millions of rows

    def render_received_at(self, record: FrameJournal) -> SafeString:
        """The time leads to the whole exchange."""
        moment = html.moment_html(record.received_at, seconds=True, zone=False)
        return format_html('<a href="{}">{}</a>', frame_url(record), moment)

    def render_direction(self, value: str) -> SafeString:
        """An arrow and a word."""
        icon, word = _ARROWS.get(value, _ARROWS["stray"])
        return format_html("<span>{} {}</span>", html.icon_html(icon), word)

    def render_action(self, record: FrameJournal) -> SafeString:
        """The action, or that there was none to read."""
        return format_html("<strong>{}</strong>", record.action or _("unreadable"))

    def render_station_name(self, value: str, record: Any) -> SafeString:
        """Linked to the station's journal."""
        url = reverse("station_journal", args=[record.station_public_id])
        return format_html('<a href="{}">{}</a>', url, value)

    def render_outcome(self, record: FrameJournal) -> SafeString:
        """Colour, icon and word, with the error's code."""
        return outcome_html(record)

    def render_took(self, value: Any) -> str:
        """Milliseconds: answers are fast."""
        return f"{value.total_seconds() * 1000:.0f} ms"


def frame_url(frame: FrameJournal) -> str:
    """Address of one exchange: its id and its second, which names the partition."""
    return reverse("frame_detail", args=[frame.id, f"{frame.received_at:%Y%m%dT%H%M%S%f}"])


def outcome_html(frame: FrameJournal) -> SafeString:
    """How an exchange went."""
    tones = {
        "result": ("ok", "check", _("Answered")),
        "error": ("bad", "alert-triangle", _("Error")),
        "bad": ("bad", "alert-octagon", _("Unreadable")),
        "none": ("warn", "clock-off", _("No answer")),
    }
    tone, icon, word = tones.get(frame.outcome, ("idle", "hourglass", _("Waiting")))
    code = format_html(" <code>{}</code>", frame.error_code) if frame.error_code else ""
    return format_html(
        '<span><span class="status tone-{}">{}{}</span>{}</span>',
        tone,
        html.icon_html(icon),
        word,
        code,
    )


class KnockTable(ListTable):
    """Refused connections, the latest first."""

    identity = IdColumn(_("Identity"))
    reason = TextColumn(_("Reason"))
    station = LinkColumn(_("Station"), detail="station_detail", key="station.public_id")
    attempts = TextColumn(_("Attempts"), end=True)
    last_at = MomentColumn(_("Last"), ago=True)
    first_at = MomentColumn(_("First"), card_hide=True)
    remote_address = TextColumn(_("Address"))
    subprotocols = TextColumn(_("Offered"), card_hide=True)
    steps = TextColumn(_("What to do"), empty_values=(), orderable=False)

    class Meta(ListTable.Meta):
        model = Knock
        fields: tuple[str, ...] = ()

    def render_reason(self, value: str) -> str:
        """In words."""
        return knock_in_words(value)

    def render_steps(self, record: Knock) -> SafeString:
        """Add as a station, or forget."""
        forget = format_html(
            '<a class="btn btn-sm" href="{}">{}</a>',
            reverse("knock_forget", args=[record.pk]),
            _("Forget"),
        )
        if record.station_id is not None or record.reason != "unknown_station":
            return forget
        add = format_html(
            '<a class="btn btn-sm btn-primary" href="{}">{}</a>',
            reverse("station_create", query={"identity": record.identity}),
            _("Add as station"),
        )
        return format_html('<span class="btn-row">{}{}</span>', add, forget)
