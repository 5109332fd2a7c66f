"""Tables of templates and of values that are not as desired."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
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
from stations.configuration.models import ConfigurationTemplate, DesiredValue
from stations.configuration.words import explained


class DriftTable(ListTable):
    """Values that are not as desired."""

    station = TitleColumn(
        _("Station"),
        detail="station_configuration",
        key="station.public_id",
        order_by="station__name",
    )
    key = TextColumn(_("Key"))
    value = TextColumn(_("Desired"), empty_values=())
    actual = TextColumn(_("Actual"), empty_values=())
    state = StatusColumn(_("State"), kind="drift")
    since_at = MomentColumn(_("Since"))
    attempted_at = MomentColumn(_("Last attempt"), card_hide=True)
    answer = TextColumn(_("Last answer"), empty_values=())
    site = LinkColumn(
        _("Site"),
        detail="site_detail",
        key="station.site.public_id",
        accessor="station__site",
        order_by="station__site__name",
        card_hide=True,
    )

    class Meta(ListTable.Meta):
        model = DesiredValue
        fields: tuple[str, ...] = ()

    def render_key(self, record: DesiredValue) -> SafeString:
        """Linked to its history."""
        url = reverse("station_configuration_history", args=[record.station.public_id])
        query = urlencode({"key": record.key})
        return format_html('<a href="{}?{}"><code>{}</code></a>', url, query, record.key)

    def render_value(self, record: DesiredValue) -> SafeString:
        """With where it comes from."""
        return format_html(
            '<code>{}</code><br><span class="quiet">{}</span>', record.value, explained(record)
        )

    def render_actual(self, record: DesiredValue) -> SafeString:
        """As last told."""
        return shown_value(record.actual)

    def render_answer(self, record: DesiredValue) -> SafeString:
        """The station's word, linked to the command."""
        return shown_answer(record)


class TemplateTable(ListTable):
    """Templates, the strongest first."""

    name = TitleColumn(_("Template"), detail="template_detail")
    priority = TextColumn(_("Priority"), end=True)
    ocpp_version = TextColumn(_("OCPP version"))
    vendor = TextColumn(_("Applies to"), order_by=("vendor", "model"), empty_values=())
    value_count = TextColumn(_("Values"), end=True)
    station_count = TextColumn(_("Stations"), end=True)
    drift_count = TextColumn(_("Differing values"), end=True)
    reapplies = StatusColumn(_("By itself"), kind="yes_no", card_hide=True)
    is_active = StatusColumn(_("In use"), kind="yes_no", card_hide=True)

    class Meta(ListTable.Meta):
        model = ConfigurationTemplate
        fields: tuple[str, ...] = ()

    def render_vendor(self, record: ConfigurationTemplate) -> str:
        """The patterns in one line."""
        return pattern_text(record)


def pattern_text(template: ConfigurationTemplate) -> str:
    """Vendor, model and firmware as one text."""
    parts = [template.vendor or "*", template.model or "*"]
    return " ".join([*parts, template.firmware] if template.firmware else parts)


def shown_value(value: str | None) -> SafeString:
    """A value of a station in monospace; a dash where it told none."""
    return html.none_html() if value is None else format_html("<code>{}</code>", value)


def shown_answer(row: DesiredValue) -> SafeString:
    """Colour and word of the last answer, linked to the command that asked."""
    if row.is_pending:
        answer = html.status_html("pending", "drift")
    elif row.answer:
        answer = html.status_html(row.answer, "answer")
    else:
        return html.none_html()
    if row.command is None:
        return answer
    url = reverse("command_detail", args=[row.command.public_id])
    return format_html('<a href="{}">{}</a>', url, answer)
