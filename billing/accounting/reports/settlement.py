"""What site hosts earned and got, with the columns that Swedish accountants know."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Final

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from billing.accounting.chart import Use
from billing.accounting.models import JournalEntry
from billing.accounting.reports import columns as c
from billing.accounting.reports.balances import by_currency, posted, used_for
from billing.accounting.reports.report import Asked, Column, Result, Row, Tie
from billing.settlement.models import Statement
from billing.settlement.term_models import TermKind
from stations.sites.choices import AccessType

NOTHING: Final = Decimal(0)
COLUMNS: Final = (
    Column("Anläggningsägare", _("Site host")),
    Column("Org.nr", _("Organisation number"), is_minor=True),
    Column("Momsreg", _("Registered for VAT"), is_minor=True),
    Column("Period", _("Period")),
    c.SITE,
    c.money("kWh boende", _("kWh of residents")),
    c.money("kWh publikt", _("kWh of others")),
    c.money("Intäkt netto", _("Net revenue")),
    c.money("Elersättning", _("Cost of energy")),
    c.money("Avgifter", _("Fees of the host")),
    c.money("Andel", _("Share")),
    c.NET,
    c.TAX,
    c.money("Att betala", _("To pay")),
    Column("Bankgiro", _("Bankgiro"), is_minor=True),
    Column("Självfaktura", _("Self-billing invoice"), is_minor=True),
    Column("Godkänd", _("Issued")),
    Column("Överfört", _("Paid")),
    c.minor(c.CURRENCY),
    c.VOUCHER,
)


def settlement(asked: Asked) -> Result:
    """Statements that were booked in the days; they add up to what became owed to hosts."""
    entries = list(
        JournalEntry.objects.filter(
            seller=asked.seller,
            source_kind="statement",
            booked_on__gte=asked.from_on,
            booked_on__lte=asked.until_on,
        ).order_by("booked_on", "number")
    )
    energy = Q(lines__kind=TermKind.ENERGY_COST, lines__direction="to_host")
    shares = Q(lines__kind__in=(TermKind.SHARE_ENERGY, TermKind.SHARE_ALL))
    found = (
        Statement.objects.filter(pk__in=[one.source_id for one in entries])
        .select_related("host", "site", "invoice")
        .annotate(
            energy_cost=Sum("lines__amount", filter=energy),
            share=Sum("lines__amount", filter=shares & Q(lines__direction="to_host")),
        )
    )
    by_key = {one.pk: one for one in found}
    owed: dict[str, Decimal] = defaultdict(Decimal)
    rows: list[Row] = []
    for entry in entries:
        one = by_key[entry.source_id]
        owed[one.currency] += one.gross
        rows.append(_row(one, entry.number, one.energy_cost or NOTHING, one.share or NOTHING))
    booked = by_currency(
        posted(asked)
        .filter(entry__source_kind="statement")
        .filter(used_for(asked.seller, Use.HOST_PAYABLE))
    )
    ties = [
        Tie(_("Booked as owed to hosts"), amount, -booked.get(currency, NOTHING), currency)
        for currency, amount in sorted(owed.items())
    ]
    return Result(COLUMNS, rows, ties)


def _row(one: Statement, number: int, energy_cost: Decimal, share: Decimal) -> Row:
    kwh = one.energy_wh / 1000
    is_home = one.site.access_type == AccessType.RESIDENTS
    return (
        one.host.name,
        one.host.organisation_number,
        _("yes") if one.host_is_vat_registered else _("no"),
        f"{one.period_from_on} – {one.period_until_on}",
        one.site.name,
        kwh if is_home else NOTHING,
        NOTHING if is_home else kwh,
        one.revenue_net,
        energy_cost,
        one.fee_net,
        share,
        one.net,
        one.tax,
        one.gross,
        one.host.bankgiro,
        one.invoice.number if one.invoice else one.host_invoice_number,
        one.issued_on,
        one.paid_on,
        one.currency,
        number,
    )
