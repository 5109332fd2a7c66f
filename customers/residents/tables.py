"""Tables of residents and bays."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import (
    LinkColumn,
    ListTable,
    MomentColumn,
    MoneyColumn,
    TextColumn,
    TitleColumn,
)
from core.tenancy.today import operator_today
from core.ui import html
from customers.residents.models import Bay, Resident
from customers.residents.stay import status_on


class ResidentTable(ListTable):
    """Residents by site and apartment."""

    name = TitleColumn(_("Resident"), detail="resident_detail", key="public_id")
    status = TextColumn(_("Status"), empty_values=(), orderable=False)
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    object_number = TextColumn(_("Object number"), card_hide=True)
    apartment = TextColumn(_("Apartment"))
    bay = LinkColumn(_("Bay"), detail="bay_detail", key="bay.public_id", order_by="bay__name")
    month_gross = MoneyColumn(_("Last month"), currency="month_currency")
    valid_from_on = MomentColumn(_("Moved in"))
    valid_until_on = MomentColumn(_("Moved out"))
    waits_since_on = MomentColumn(_("Waits for a bay since"), card_hide=True)
    email = TextColumn(_("E-mail"), card_hide=True)
    phone = TextColumn(_("Phone"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Resident
        fields: tuple[str, ...] = ()

    def render_status(self, record: Resident) -> SafeString:
        """Coming, living or gone today."""
        shown = status_on(operator_today(), record.valid_from_on, record.valid_until_on)
        return html.status_html(shown, "resident")


class BayTable(ListTable):
    """Bays by site and name."""

    name = TitleColumn(_("Bay"), detail="bay_detail", key="public_id")
    site = LinkColumn(_("Site"), detail="site_detail", key="site.public_id", order_by="site__name")
    resident_name = TextColumn(_("Resident today"))
    resident_apartment = TextColumn(_("Apartment"))
    evse = LinkColumn(
        _("EVSE"), detail="station_detail", key="evse.station.public_id", order_by="evse__number"
    )
    note = TextColumn(_("Note"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Bay
        fields: tuple[str, ...] = ()

    def render_resident_name(self, value: str, record: Bay) -> SafeString:
        """A link to who has the bay today."""
        ref = getattr(record, "resident_ref", "")
        return format_html('<a href="{}">{}</a>', reverse("resident_detail", args=[ref]), value)
