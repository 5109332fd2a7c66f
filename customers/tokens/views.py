"""The list of id tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from customers.tokens.bulk import BULK
from customers.tokens.filters import TokenFilter
from customers.tokens.models import IdToken
from customers.tokens.selectors import tokens
from customers.tokens.tables import TokenTable


def allowed_sites_of(token: IdToken) -> str:
    """Public ids, as imports take them."""
    return " ".join(sorted(site.public_id for site in token.allowed_sites.all()))


TOKENS = ListSpec(
    name="tokens",
    title=_("Id tokens"),
    permission=Permission.TOKEN_VIEW,
    queryset=lambda _request: tokens(),
    filterset=TokenFilter,
    table=TokenTable,
    csv=(
        *(
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
                "max_gross_per_month",
                "limit_currency",
                "created_at",
            )
        ),
        CsvColumn("driver", "driver.name", label=_("Driver")),
        CsvColumn("driver_id", "driver.public_id", label=_("Driver (public id)")),
        CsvColumn(
            "company",
            lambda token: token.company or (token.driver and token.driver.company),
            label=_("Company"),
        ),
        CsvColumn("vehicle", "vehicle.registration_number", label=_("Vehicle")),
        CsvColumn("allowed_sites", allowed_sites_of, label=_("Only at these sites")),
    ),
    empty=EmptyText(
        _("No token yet"),
        _("A token is a card, an app or a virtual id that may start a session."),
        "token_create",
        _("Create a token"),
        Permission.TOKEN_EDIT,
    ),
    search_hint=_("UID in any form, printed number, label or owner"),
    actions=(
        ListAction(
            _("Import"), "import_create", "upload", Permission.IMPORT_USE, False, "kind=tokens"
        ),
        ListAction(_("New token"), "token_create", permission=Permission.TOKEN_EDIT),
    ),
    bulk=BULK,
    keys=("uid",),
)

token_list = list_view(TOKENS)
