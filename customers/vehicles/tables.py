"""Table of vehicles."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import LinkColumn, ListTable, MomentColumn, TextColumn, TitleColumn
from core.tenancy.today import operator_today
from core.ui import html
from customers.drivers.models import Vehicle


class VehicleTable(ListTable):
    """Vehicles by registration number."""

    registration_number = TitleColumn(
        _("Registration number"), detail="vehicle_detail", key="public_id"
    )
    status = TextColumn(_("Status"), empty_values=(), orderable=False)
    driver = LinkColumn(
        _("Driver"), detail="driver_detail", key="driver.public_id", order_by="driver__name"
    )
    company = LinkColumn(
        _("Company"), detail="company_detail", key="company.public_id", order_by="company__name"
    )
    kind = TextColumn(_("Make and model"), order_by=("make", "model"))
    use = TextColumn(_("Use"))
    cost_centre = TextColumn(_("Cost centre"), card_hide=True)
    valid_from_on = MomentColumn(_("Valid from"), card_hide=True)
    valid_until_on = MomentColumn(_("Valid until"), card_hide=True)
    token_count = TextColumn(_("Tokens"), end=True)

    class Meta(ListTable.Meta):
        model = Vehicle
        fields: tuple[str, ...] = ()
        order_by = "registration_number"

    def render_status(self, record: Vehicle) -> SafeString:
        """Not yet, ended or active today."""
        return html.status_html(record.shown_status(operator_today()), "driver")
