"""Invoices of a span of days, and what they earned by site, tariff or account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _

from billing.accounting.chart import Use
from billing.accounting.entries import EntryKind, TaxPart
from billing.accounting.models import JournalEntry
from billing.accounting.reading import tax_kind
from billing.accounting.reports import columns as c
from billing.accounting.reports.balances import by_currency, posted, used_for
from billing.accounting.reports.report import Asked, Column, Result, Row, Tie
from billing.accounting.vat import tax_code
from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceLine, InvoiceState

NOTHING: Final = Decimal(0)
_ALWAYS: Final = (Decimal(25),)
_SOLD: Final = [EntryKind.INVOICE.value, EntryKind.CREDIT_NOTE.value]


def issued(asked: Asked) -> QuerySet[Invoice]:
    """Invoices and credit notes issued in the days, in order."""
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        seller=asked.seller,
        issued_on__gte=asked.from_on,
        issued_on__lte=asked.until_on,
        kind__in=(InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE),
    ).exclude(state=InvoiceState.DRAFT)
    return rows.order_by("issued_on", "number")


def signed(invoice: Invoice, amount: Decimal) -> Decimal:
    """The amount as it counts: of a credit note below zero; nothing has no sign."""
    return -amount if invoice.kind == InvoiceKind.CREDIT_NOTE else amount


def invoice_journal(asked: Asked) -> Result:
    """Every invoice and credit note with its sums; to pay adds up to what was booked on the
    account of receivables."""
    invoices = list(
        issued(asked).select_related("account", "series", "seller").prefetch_related("taxes")
    )
    rates = sorted(
        {one.rate for row in invoices for one in row.taxes.all() if one.rate} | set(_ALWAYS),
        reverse=True,
    )
    vouchers = _vouchers([row.pk for row in invoices])
    rows = [_invoice_row(row, rates, vouchers) for row in invoices]
    return Result(_invoice_columns(rates), rows, _payable_ties(asked, invoices))


def _invoice_columns(rates: Iterable[Decimal]) -> list[Column]:
    by_rate = []
    for rate in rates:
        shown = f"{rate.normalize():f} %"
        by_rate += [
            c.money(f"Netto {shown}", _("Net %(rate)s") % {"rate": shown}),
            c.money(f"Moms {shown}", _("VAT %(rate)s") % {"rate": shown}),
        ]
    return [
        c.minor(c.SELLER),
        Column("Serie", _("Series"), is_minor=True),
        c.INVOICE,
        c.KIND,
        c.INVOICED_ON,
        Column("Leverans from", _("Delivered from")),
        Column("Leverans tom", _("Delivered until")),
        c.minor(c.CUSTOMER_NUMBER),
        c.CUSTOMER,
        Column("Land", _("Country"), is_minor=True),
        Column("VAT-nr", _("VAT no."), is_minor=True),
        *by_rate,
        c.money("Netto 0 %", _("Net 0 %")),
        Column("Momskod", _("VAT code")),
        c.money("Öresavrundning", _("Rounding")),
        c.money("Att betala", _("To pay")),
        c.VOUCHER,
    ]


def _vouchers(keys: list[int]) -> dict[int, int]:
    rows = JournalEntry.objects.filter(source_kind="invoice", source_id__in=keys)
    return dict(rows.values_list("source_id", "number"))


def _invoice_row(row: Invoice, rates: Iterable[Decimal], vouchers: dict[int, int]) -> Row:
    taxes = list(row.taxes.all())
    sums: list[Decimal] = []
    for rate in rates:
        of_rate = [one for one in taxes if one.rate == rate]
        sums.append(signed(row, sum((one.net for one in of_rate), NOTHING)))
        sums.append(signed(row, sum((one.tax for one in of_rate), NOTHING)))
    codes = sorted({tax_code(tax_kind(one.category, one.rate, one.country)) for one in taxes})
    account = row.account
    return (
        row.seller.name,
        row.series.code if row.series else "",
        row.number,
        InvoiceKind(row.kind).label,
        row.issued_on,
        row.supply_from_on,
        row.supply_until_on,
        account.public_id if account else "",
        account.name if account else "",
        account.country_code if account else "",
        account.vat_number if account else "",
        *sums,
        signed(row, sum((one.net for one in taxes if not one.rate), NOTHING)),
        " ".join(codes),
        signed(row, row.rounding),
        signed(row, row.payable),
        vouchers.get(row.pk),
    )


def _payable_ties(asked: Asked, invoices: list[Invoice]) -> list[Tie]:
    shown: dict[str, Decimal] = defaultdict(Decimal)
    for row in invoices:
        shown[row.currency] += signed(row, row.payable)
    booked = by_currency(
        posted(asked).filter(entry__kind__in=_SOLD).filter(used_for(asked.seller, Use.RECEIVABLE))
    )
    return [
        Tie(_("Booked on receivables"), shown[currency], booked.get(currency, NOTHING), currency)
        for currency in sorted({*shown, *booked})
    ]


def revenue(asked: Asked) -> Result:
    """Net sales of invoices by site, tariff or account; adds up to the sales that were booked."""
    makers = {"tariff": _by_tariff, "account": _by_account}
    groups = makers.get(asked.by, _by_site)(asked)
    rows: list[Row] = [
        (label, sessions or None, energy, net, currency)
        for (label, currency), (sessions, energy, net) in sorted(groups.items())
    ]
    shown: dict[str, Decimal] = defaultdict(Decimal)
    for (_label, currency), (_sessions, _energy, net) in groups.items():
        shown[currency] += net
    booked = by_currency(posted(asked).filter(entry__kind__in=_SOLD, tax_part=TaxPart.BASE.value))
    ties = [
        Tie(_("Booked sales"), shown[currency], -booked.get(currency, NOTHING), currency)
        for currency in sorted({*shown, *booked})
    ]
    columns = [
        Column("Grupp", _("Group")),
        Column("Laddningar", _("Sessions"), is_number=True),
        c.ENERGY,
        c.NET,
        c.CURRENCY,
    ]
    return Result(columns, rows, ties)


Groups = dict[tuple[str, str], tuple[int, Decimal, Decimal]]


def _add(groups: Groups, key: tuple[str, str], n: int, energy: Decimal, net: Decimal) -> None:
    sessions, wh, sum_ = groups.get(key, (0, NOTHING, NOTHING))
    groups[key] = (sessions + n, wh + energy, sum_ + net)


def _signed_sum(column: str, sign_of: str, **condition: Any) -> Sum:
    """The sum of a column, of credit notes below zero."""
    of_note = When(**{f"{sign_of}kind": InvoiceKind.CREDIT_NOTE}, then=-F(column))
    value = Case(of_note, default=F(column), output_field=DecimalField())
    return Sum(value, filter=Q(**condition) if condition else None)


def _lines(asked: Asked) -> QuerySet[InvoiceLine]:
    rows: QuerySet[InvoiceLine] = InvoiceLine.objects.filter(invoice__in=issued(asked).order_by())
    return rows.order_by()


def _by_site(asked: Asked) -> Groups:
    groups: Groups = {}
    rows = _lines(asked).values_list("site__name", "invoice__currency").annotate(
        energy=_signed_sum("quantity", "invoice__", kind="energy", unit="kWh"),
        sum=_signed_sum("net", "invoice__"),
    )  # fmt: skip
    for site, currency, energy, net in rows:
        _add(groups, (site or "–", currency), 0, energy or NOTHING, net)
    return groups


def _by_tariff(asked: Asked) -> Groups:
    """By the tariff of each session; what is no session, and rounding, stands under a dash."""
    groups: Groups = {}
    lines = _lines(asked).values_list("invoice__currency").annotate(
        sum=_signed_sum("net", "invoice__")
    )  # fmt: skip
    rest = dict(lines)
    items = InvoiceItem.objects.filter(
        invoice__in=issued(asked).order_by(), billable__isnull=False
    ).order_by()
    rated = "billable__rated_session__"
    rows = items.values_list(f"{rated}tariff_version__tariff__name", "invoice__currency").annotate(
        n=Count("pk"), wh=Sum(f"{rated}energy_wh"), sum=Sum("net")
    )
    for tariff, currency, n, wh, net in rows:
        rest[currency] -= net
        energy = (wh / 1000).quantize(Decimal("0.001"))
        _add(groups, (tariff, currency), n, energy, net)
    for currency, net in rest.items():
        if net:
            _add(groups, ("–", currency), 0, NOTHING, net)
    return groups


def _by_account(asked: Asked) -> Groups:
    groups: Groups = {}
    rows = posted(asked).filter(entry__kind__in=_SOLD, tax_part=TaxPart.BASE.value).order_by()
    sums = rows.values_list("account__number", "account__name", "currency").annotate(
        sum=Sum("amount")
    )
    for number, name, currency, amount in sums:
        _add(groups, (f"{number} {name}", currency), 0, NOTHING, -amount)
    return groups
