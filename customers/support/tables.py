"""Table of support cases."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    StatusColumn,
    TextColumn,
    TitleColumn,
)
from core.ui import html
from customers.support.answer_models import CannedAnswer
from customers.support.models import SupportCase


class CaseTable(ListTable):
    """Cases, the newest first."""

    public_id = TitleColumn(_("Case"), detail="case_detail", key="public_id")
    state = StatusColumn(_("State"), kind="case")
    opened_at = MomentColumn(_("Opened"))
    caller_name = TextColumn(_("Caller"))
    driver = LinkColumn(
        _("Driver"), detail="driver_detail", key="driver.public_id", order_by="driver__name"
    )
    station = LinkColumn(
        _("Station"), detail="station_detail", key="station.public_id", order_by="station__name"
    )
    evse = TextColumn(_("EVSE"))
    outcome = TextColumn(_("Outcome"))
    opened_by_label = TextColumn(_("Opened by"), card_hide=True)

    class Meta(ListTable.Meta):
        model = SupportCase
        fields: tuple[str, ...] = ()

    def render_driver(self, value: Any, record: SupportCase, column: LinkColumn) -> SafeString:
        """Only for those who may see drivers."""
        request: Any = getattr(self, "request", None)
        if request is None or not has_permission(request, Permission.DRIVER_VIEW):
            return html.none_html()
        return column.render(value, record)


class AnswerTable(ListTable):
    """Canned answers by name."""

    name = TitleColumn(_("Name"), detail="canned_answer_edit", key="public_id")
    text_sv = TextColumn(_("In Swedish"))
    text_en = TextColumn(_("In English"))

    class Meta(ListTable.Meta):
        model = CannedAnswer
        fields: tuple[str, ...] = ()
