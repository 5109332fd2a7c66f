"""Table of sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import (
    DurationColumn,
    EnergyColumn,
    LinkColumn,
    ListTable,
    MomentColumn,
    PowerColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.ui import html
from stations.sessions.models import Session
from stations.sessions.place_class import place_class_label


def duration_of(session: Session) -> timedelta | None:
    """From plug in to the end, or to the last sign of a session that runs."""
    end = session.stopped_at or session.last_fact_at
    return max(end - session.started_at, timedelta()) if session.started_at else None


class SessionTable(ListTable):
    """Sessions, the newest first."""

    public_id = TitleColumn(_("Session"), detail="session_detail", key="public_id")
    started_at = MomentColumn(_("Started"))
    state = StatusColumn(_("State"), kind="session")
    station = LinkColumn(
        _("Station"), detail="station_detail", key="station.public_id", order_by="station__name"
    )
    evse_number = TextColumn(_("EVSE"), end=True)
    id_token = TextColumn(_("Token"))
    place_class = TextColumn(_("Place class"), accessor="pk", orderable=False, card_hide=True)
    energy_wh = EnergyColumn(_("Energy"))
    power_w = PowerColumn(_("Power"))
    duration = DurationColumn(_("Duration"), accessor="started_at", orderable=False)

    class Meta(ListTable.Meta):
        model = Session
        fields: tuple[str, ...] = ()

    def render_public_id(self, value: Any, record: Session) -> SafeString:
        """Clipped where columns are narrow; whole in the tooltip and on the session's page."""
        url = reverse("session_detail", args=[record.public_id])
        return format_html('<a class="title clip" href="{}" title="{}">{}</a>', url, value, value)

    def render_state(self, record: Session) -> SafeString:
        """Held comes before every other state."""
        return html.status_html("held" if record.is_held else record.state, "session")

    def render_station(self, value: Any, record: Session, column: LinkColumn) -> SafeString:
        """The station, and its site below unless the name of the station says it."""
        link = column.render(value, record)
        if value.name.startswith(value.site.name):
            return link
        return format_html('<span>{}<span class="under">{}</span></span>', link, value.site)

    def render_id_token(self, value: Any) -> SafeString:
        """In monospace, clipped as the id is."""
        return format_html('<code class="clip" title="{}">{}</code>', value, value)

    def render_place_class(self, record: Session) -> str | SafeString:
        """What the place was when the session began."""
        return place_class_label(record) or html.none_html()

    def render_duration(self, record: Session, column: DurationColumn) -> str:
        """So far, for one that runs."""
        return column.render(duration_of(record))
