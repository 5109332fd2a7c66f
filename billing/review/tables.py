"""Table of held sessions."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.rating.models import SessionBilling
from billing.review.reasons import name_of
from core.lists.tables import (
    EnergyColumn,
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
)
from core.ui import html, units


class ReviewTable(ListTable):
    """Held sessions, the longest held first."""

    session = TextColumn(_("Session"), order_by="session__started_at")
    held_since_at = MomentColumn(_("Held since"), ago=True)
    reasons = TextColumn(_("Reasons"), accessor="pk", orderable=False)
    state = StatusColumn(_("State"), kind="billing")
    station = LinkColumn(
        _("Station"),
        detail="station_detail",
        key="session.station.public_id",
        accessor="session__station",
        order_by="session__station__name",
    )
    energy = EnergyColumn(_("Energy"), accessor="session__energy_wh")
    gross = TextColumn(_("At stake"), end=True)

    class Meta(ListTable.Meta):
        model = SessionBilling
        fields: tuple[str, ...] = ()

    def render_session(self, record: SessionBilling) -> SafeString:
        """Linked to its review, not to the session."""
        name = record.session.public_id
        url = reverse("review_detail", args=[name])
        return format_html('<a class="title clip" href="{}" title="{}">{}</a>', url, name, name)

    def render_reasons(self, record: Any) -> SafeString:
        """In a few words each."""
        return format_html_join(", ", "{}", ((name_of(one.code),) for one in record.open_holds))

    def render_state(self, record: Any) -> SafeString:
        """A decision that waits comes first."""
        shown = "proposed" if record.proposals else record.state
        return html.status_html(shown, "billing")

    def render_gross(self, record: Any) -> str:
        """With its currency; a dash where there is no price."""
        return units.money(record.gross, record.currency or "")
