"""Table of id tokens."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import IdColumn, LinkColumn, ListTable, MomentColumn, TextColumn, TitleColumn
from core.ui import html
from customers.tokens.models import IdToken


class TokenTable(ListTable):
    """Tokens by UID."""

    name = TitleColumn(
        _("Token"), detail="token_detail", key="pk", accessor="pk", order_by=("label", "uid")
    )
    status = TextColumn(_("Status"))
    owner = TextColumn(_("Owner"), empty_values=(), orderable=False)
    vehicle = LinkColumn(
        _("Vehicle"), detail="vehicle_detail", key="vehicle.public_id",
        order_by="vehicle__registration_number", card_hide=True,
    )  # fmt: skip
    uid = IdColumn(_("UID"))
    printed_number = TextColumn(_("Printed number"))
    purpose = TextColumn(_("Purpose"))
    kind = TextColumn(_("Kind"), card_hide=True)
    expires_at = MomentColumn(_("Expires"))
    group_id = TextColumn(_("Parent group"), card_hide=True)

    class Meta(ListTable.Meta):
        model = IdToken
        fields: tuple[str, ...] = ()
        order_by = "uid"

    def render_name(self, record: IdToken, column: TitleColumn) -> SafeString:
        """Label, or the UID where there is none."""
        return column.render(str(record), record)

    def render_owner(self, record: IdToken) -> SafeString:
        """The driver or the company, linked."""
        return owner_html(record)

    def render_status(self, record: IdToken) -> SafeString:
        """An expiry in the past comes before the status."""
        return html.status_html(record.shown_status, "token")


def owner_html(token: IdToken) -> SafeString:
    """Whose token it is, linked to their page."""
    if token.driver is not None:
        url = reverse("driver_detail", args=[token.driver.public_id])
        link = format_html('<a href="{}">{}</a>', url, token.driver)
        company = token.driver.company
        if company is None:
            return link
        return format_html('<span>{}<span class="under">{}</span></span>', link, company)
    if token.company is not None:
        url = reverse("company_detail", args=[token.company.public_id])
        return format_html('<a href="{}">{}</a>', url, token.company)
    return html.none_html()
