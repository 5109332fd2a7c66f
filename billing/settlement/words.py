"""Words of statements, in the language of whoever reads them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.settlement.models import StatementLine
from billing.settlement.statement_rule import SHARES
from core.money import plain
from core.ui import units


def told(line: StatementLine, currency: str) -> str:
    """How the amount of a line comes about."""
    rate, quantity = _said(line.rate), _said(line.quantity)
    if line.kind == "carried":
        return _("Below zero, carried over")
    if line.kind in SHARES:
        return _("%(rate)s %% of %(sum)s") % {
            "rate": rate, "sum": units.money(line.quantity.quantize(Decimal("0.01")), currency),
        }  # fmt: skip
    words = {
        "per_kwh": _("%(quantity)s kWh × %(rate)s %(currency)s"),
        "per_session": ngettext(
            "%(quantity)s session × %(rate)s %(currency)s",
            "%(quantity)s sessions × %(rate)s %(currency)s",
            1 if line.quantity == 1 else 2,
        ),
        "per_month": ngettext(
            "%(quantity)s month × %(rate)s %(currency)s",
            "%(quantity)s months × %(rate)s %(currency)s",
            1 if line.quantity == 1 else 2,
        ),
    }
    return words[line.kind] % {"quantity": quantity, "rate": rate, "currency": currency}


def _said(value: Decimal) -> str:
    return str(number_format(plain(value), use_l10n=True))
