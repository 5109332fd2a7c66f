"""Table of drivers."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import LinkColumn, ListTable, TextColumn, TitleColumn
from core.tenancy.today import operator_today
from core.ui import html
from customers.drivers.models import Driver


class DriverTable(ListTable):
    """Drivers by name."""

    name = TitleColumn(_("Driver"), detail="driver_detail", key="public_id")
    status = TextColumn(_("Status"))
    company = LinkColumn(
        _("Company"), detail="company_detail", key="company.public_id", order_by="company__name"
    )
    email = TextColumn(_("E-mail"))
    phone = TextColumn(_("Phone"))
    employee_number = TextColumn(_("Employee number"), card_hide=True)
    cost_centre = TextColumn(_("Cost centre"), card_hide=True)
    vehicles = TextColumn(_("Vehicles"), empty_values=(), orderable=False)
    token_count = TextColumn(_("Tokens"), end=True)

    class Meta(ListTable.Meta):
        model = Driver
        fields: tuple[str, ...] = ()
        order_by = "name"

    def render_status(self, record: Driver) -> SafeString:
        """Blocked, not yet, ended or active today."""
        return html.status_html(record.shown_status(operator_today()), "driver")

    def render_vehicles(self, record: Driver) -> SafeString:
        """Registration numbers."""
        numbers = [(vehicle.registration_number,) for vehicle in record.vehicles.all()]
        if not numbers:
            return html.none_html()
        return format_html_join(" ", "<code>{}</code>", numbers)
