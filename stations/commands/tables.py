"""Table of commands."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.ui import html
from stations.commands.models import Command
from stations.commands.words import in_words


class CommandTable(ListTable):
    """Commands, the newest first."""

    action = TitleColumn(_("Command"), detail="command_detail", key="public_id")
    state = StatusColumn(_("State"), kind="command")
    answer_status = TextColumn(_("Station's answer"), empty_values=())
    station = LinkColumn(
        _("Station"), detail="station_detail", key="station.public_id", order_by="station__name"
    )
    requested_by = TextColumn(_("Requested by"))
    created_at = MomentColumn(_("Created"), seconds=True)
    finished_at = MomentColumn(_("Finished"), seconds=True, card_hide=True)

    class Meta(ListTable.Meta):
        model = Command
        fields: tuple[str, ...] = ()

    def render_answer_status(self, record: Command) -> str | SafeString:
        """What the station said, or why it was not asked."""
        if record.answer_status:
            return html.status_html(record.answer_status, "answer")
        if record.error_code:
            return in_words(record.error_code, record.error_text)
        return html.none_html()
