"""Writing limits: what tokens, drivers and companies share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.errors import InvalidInput
from core.operators.values import CURRENCIES
from customers.limits.models import LimitedModel
from stations.sites.models import Site


def with_currency(
    values: dict[str, Any], operator: Operator, row: LimitedModel | None = None
) -> dict[str, Any]:
    """``values`` with a currency beside a limit in money: the one given, where none is given the
    one kept, else the operator's. Refuses one that is not supported."""
    given = values.get("limit_currency", row.limit_currency if row else "")
    if given and given not in CURRENCIES:
        raise InvalidInput("currency", _("This currency is not supported."), field="limit_currency")
    kept = row.max_gross_per_month if row else None
    if values.get("max_gross_per_month", kept) is None:
        return values
    return {**values, "limit_currency": given or operator.currency}


def set_sites(
    row: LimitedModel,
    wanted: Iterable[Site] | None,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Set the sites of a saved row, noting a change in ``before`` and ``after``; None leaves."""
    if wanted is None:
        return
    sites = sorted(wanted, key=lambda site: site.pk)
    present = list(row.allowed_sites.order_by("pk"))
    if sites != present:
        before["allowed_sites"] = [site.public_id for site in present]
        after["allowed_sites"] = [site.public_id for site in sites]
        row.allowed_sites.set(sites)
