"""Table of API tokens."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken
from core.lists.tables import IdColumn, ListTable, MomentColumn, TextColumn, TitleColumn
from core.ui import html


class ApiTokenTable(ListTable):
    """Tokens, the newest first."""

    name = TitleColumn(_("API token"), detail="api_token_detail", key="pk")
    state = TextColumn(_("State"), orderable=False)
    prefix = IdColumn(_("Begins with"))
    permissions = TextColumn(_("Permissions"), orderable=False)
    last_used_at = MomentColumn(_("Last used"), ago=True)
    expires_at = MomentColumn(_("Expires"))
    created_by = TextColumn(_("Created by"), card_hide=True, order_by="created_by__email")
    created_at = MomentColumn(_("Created"), card_hide=True)

    class Meta(ListTable.Meta):
        model = ApiToken
        fields: tuple[str, ...] = ()

    def render_state(self, record: ApiToken) -> SafeString:
        """Active, expired or revoked."""
        return html.status_html(record.state, "api_token")

    def render_permissions(self, value: list[Any]) -> str:
        """How many; the token's page names them."""
        return gettext("%(count)s permissions") % {"count": len(value)}
