"""Tables of API tokens and of their requests."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken
from core.api.models import ApiRequest
from core.lists.tables import IdColumn, LinkColumn, ListTable, MomentColumn, TextColumn, TitleColumn
from core.ui import html


class ApiTokenTable(ListTable):
    """Tokens, the newest first."""

    name = TitleColumn(_("API token"), detail="api_token_detail", key="pk")
    state = TextColumn(_("State"), orderable=False)
    prefix = IdColumn(_("Begins with"))
    permissions = TextColumn(_("Permissions"), orderable=False)
    site_names = TextColumn(_("Sites"), empty_values=())
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

    def render_site_names(self, record: ApiToken) -> str:
        """The chosen sites; every one where there is no limit."""
        return sites_in_words(record)


def sites_in_words(token: ApiToken) -> str:
    """Which sites a token works with, for a row of ``selectors.api_tokens``."""
    if not token.is_limited:
        return gettext("All sites")
    names: str = token.site_names  # type: ignore[attr-defined]  # annotated
    return names or gettext("No site")


class ApiRequestTable(ListTable):
    """Requests, the newest first."""

    path = TextColumn(_("Request"), orderable=False)
    status = TextColumn(_("Answer"))
    at = MomentColumn(_("Time"), seconds=True)
    duration_ms = TextColumn(_("Took (ms)"), end=True)
    token = LinkColumn(_("API token"), detail="api_token_detail", key="token_id", orderable=False)
    source_ip = TextColumn(_("From address"), orderable=False)
    request_id = IdColumn(_("Request id"), orderable=False, card_hide=True)

    class Meta(ListTable.Meta):
        model = ApiRequest
        fields: tuple[str, ...] = ()

    def render_path(self, record: ApiRequest) -> str:
        """The method before the path."""
        return f"{record.method} {record.path}"
