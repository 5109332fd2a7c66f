"""Table of id tokens."""

from __future__ import annotations

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists.tables import IdColumn, ListTable, MomentColumn, TextColumn, TitleColumn
from core.ui import html
from customers.tokens.models import IdToken, TokenStatus


class TokenTable(ListTable):
    """Tokens by UID."""

    name = TitleColumn(
        _("Token"), detail="token_detail", key="pk", accessor="pk", order_by=("label", "uid")
    )
    status = TextColumn(_("Status"))
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

    def render_status(self, record: IdToken) -> SafeString:
        """An expiry in the past comes before the status."""
        return html.status_html(shown_status(record), "token")


def shown_status(token: IdToken) -> str:
    """``expired`` for an active token past its expiry, else the status."""
    if token.status == TokenStatus.ACTIVE and token.expires_at is not None:
        return "expired" if token.expires_at <= timezone.now() else token.status
    return token.status
