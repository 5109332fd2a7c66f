"""The list of id tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from customers.tokens.bulk import BULK
from customers.tokens.filters import TokenFilter
from customers.tokens.models import IdToken
from customers.tokens.tables import TokenTable

TOKENS = ListSpec(
    name="tokens",
    title=_("Id tokens"),
    permission=Permission.TOKEN_VIEW,
    queryset=lambda _request: IdToken.objects.order_by("uid", "id"),
    filterset=TokenFilter,
    table=TokenTable,
    csv=tuple(
        CsvColumn(name, column="name" if name == "label" else "")
        for name in (
            "uid",
            "uid_decimal",
            "uid_reversed",
            "printed_number",
            "label",
            "kind",
            "purpose",
            "status",
            "expires_at",
            "group_id",
            "max_concurrent_sessions",
            "max_energy_wh_per_month",
            "created_at",
        )
    ),
    empty=EmptyText(
        _("No token yet"),
        _("A token is a card, an app or a virtual id that may start a session."),
        "token_create",
        _("Create a token"),
        Permission.TOKEN_EDIT,
    ),
    search_hint=_("UID in any form, printed number or label"),
    actions=(ListAction(_("New token"), "token_create", permission=Permission.TOKEN_EDIT),),
    bulk=BULK,
)

token_list = list_view(TOKENS)
