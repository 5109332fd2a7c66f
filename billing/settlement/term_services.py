"""Writing what a host earns or pays from which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.accounts.dated import refuse_far_days, set_from
from billing.accounts.models import BillingAccount
from billing.sellers.models import Seller, SiteContract
from billing.settlement.models import Statement, StatementState
from billing.settlement.term_models import Direction, HostTerm, HostTerms, Rhythm, TermKind
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.money import is_currency
from stations.hardware.models import Station
from stations.sites.models import Site

MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerm:
    """A term to be entered."""

    kind: str
    direction: str
    rate: Decimal
    tax_percent: Decimal = Decimal(25)
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerms:
    """What is to hold: the terms, how long a period is, where fees are invoiced, and whether they
    are set off against payouts."""

    lines: Sequence[NewTerm]
    rhythm: str = Rhythm.MONTH
    currency: str = "SEK"
    fee_account: BillingAccount | None = None
    sets_off_fees: bool = False
    note: str = ""


@transaction.atomic
def set_terms(
    *,
    site: Site,
    host: Seller,
    from_on: date,
    new: NewTerms,
    station: Station | None = None,
    reason: str = "",
) -> HostTerms:
    """Let terms hold from a day until further notice, at a site or one of its stations.

    Later terms of the same place are taken out. Refuses days that a statement was issued for, a
    host without a contract there, a station of another site, and fees without an account.
    """
    _check_place(site, host, station, from_on)
    _check_currency(site, host, new.currency)
    rows = [_checked(number, one, station) for number, one in enumerate(new.lines)]
    if not rows:
        raise InvalidInput("no_terms", _("Enter at least one term."))
    if len(rows) > MOST_LINES:
        raise InvalidInput("too_many", _("There are at most %(n)s terms.") % {"n": MOST_LINES})
    if any(row.direction == Direction.TO_OPERATOR for row in rows):
        _check_fee_account(new.fee_account, new.currency)
    elif new.sets_off_fees:
        raise InvalidInput(
            "no_fees", _("No term makes the host pay: there is nothing to set off."),
            field="sets_off_fees",
        )  # fmt: skip
    terms = HostTerms(
        operator_id=site.operator_id,
        public_id=public_id("hot"),
        site=site,
        host=host,
        station=station,
        rhythm="" if station else new.rhythm,
        currency=new.currency,
        fee_account=new.fee_account,
        sets_off_fees=new.sets_off_fees,
        note=" ".join(new.note.replace("\x00", "").split()),
    )
    _write(site, host, station, terms, rows, from_on=from_on, reason=reason)
    return terms


@transaction.atomic
def end_terms(
    *, site: Site, host: Seller, from_on: date, station: Station | None = None, reason: str = ""
) -> None:
    """From that day on no terms hold at the place."""
    refuse_far_days(from_on)
    _write(site, host, station, None, [], from_on=from_on, reason=reason)


def terms_of(site: Site, host: Seller, station: Station | None) -> QuerySet[HostTerms]:
    """The terms of one place, whenever they hold."""
    rows: QuerySet[HostTerms] = HostTerms.objects.filter(site=site, host=host, station=station)
    return rows.select_related("site", "host", "station", "fee_account").prefetch_related("lines")


def _write(
    site: Site,
    host: Seller,
    station: Station | None,
    terms: HostTerms | None,
    rows: list[HostTerm],
    *,
    from_on: date,
    reason: str,
) -> None:
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    _refuse_settled(site, host, from_on)
    # Drafts of these days are made anew by what holds then.
    Statement.objects.filter(
        site=site, host=host, state=StatementState.DRAFT, period_until_on__gte=from_on
    ).delete()
    wanted = describe(terms, rows) if terms is not None else ""
    before, after = set_from(
        terms_of(site, host, station),
        terms,
        lambda row: wanted if row is terms else describe(row, list(row.lines.all())),
        from_on=from_on,
    )
    for row in rows:
        assert terms is not None
        row.terms, row.operator_id = terms, terms.operator_id
    HostTerm.objects.bulk_create(rows)
    record(
        "site.set_host_terms",
        site,
        operator_id=site.operator_id,
        before={"terms": before},
        after={"terms": after},
        reason=reason,
    )


def _refuse_settled(site: Site, host: Seller, from_on: date) -> None:
    last = (
        Statement.objects.filter(
            site=site, host=host, state=StatementState.ISSUED, period_until_on__gte=from_on
        )
        .order_by("-period_until_on")
        .first()
    )
    if last is not None:
        raise RuleViolation(
            "settled",
            _("A statement was issued until %(day)s: terms can change from the day after.")
            % {"day": last.period_until_on},
            field="from_on",
        )


def _check_place(site: Site, host: Seller, station: Station | None, from_on: date) -> None:
    refuse_far_days(from_on)
    if station is not None and station.site_id != site.pk:
        raise InvalidInput("station", _("This station stands at another site."), field="station")
    if not SiteContract.objects.filter(site=site, host=host).exists():
        raise InvalidInput(
            "no_contract", _("No contract of this site names that host."), field="host"
        )


def _check_currency(site: Site, host: Seller, currency: str) -> None:
    """One currency between a host and the operator at a site."""
    if not is_currency(currency):
        raise InvalidInput("currency", _("There is no such currency."), field="currency")
    if HostTerms.objects.filter(site=site, host=host).exclude(currency=currency).exists():
        raise InvalidInput(
            "currency", _("Other terms of this host here are in another currency."),
            field="currency",
        )  # fmt: skip


def _check_fee_account(account: BillingAccount | None, currency: str) -> None:
    if account is None:
        raise InvalidInput(
            "fee_account",
            _("Choose the billing account to which the host's fees are invoiced."),
            field="fee_account",
        )
    if account.currency != currency:
        raise InvalidInput(
            "fee_account", _("That account has another currency."), field="fee_account"
        )


def _checked(number: int, one: NewTerm, station: Station | None) -> HostTerm:
    """An unsaved term; the error names the line."""
    row = HostTerm(
        position=number,
        kind=one.kind,
        direction=one.direction,
        rate=one.rate,
        tax_percent=one.tax_percent,
        text=" ".join(one.text.replace("\x00", "").split()),
    )
    where = {"line": number + 1}
    try:
        row.clean_fields(exclude=["terms", "operator"])
    except ValidationError as error:
        message = _("Line %(line)s: %(what)s") % {**where, "what": error.messages[0]}
        raise InvalidInput("term", message) from error
    if row.rate <= 0:
        raise InvalidInput("rate", _("Line %(line)s: the rate is above zero.") % where)
    if row.kind in (TermKind.SHARE_ENERGY, TermKind.SHARE_ALL) and row.rate > 100:
        raise InvalidInput("rate", _("Line %(line)s: a share is at most 100 %%.") % where)
    if not 0 <= row.tax_percent < 100:
        raise InvalidInput("tax", _("Line %(line)s: VAT lies between 0 and 100 %%.") % where)
    if row.kind == TermKind.ENERGY_COST and station is not None:
        raise InvalidInput(
            "station", _("Line %(line)s: energy costs are known for whole sites.") % where
        )
    return row


def describe(terms: HostTerms, lines: Sequence[HostTerm]) -> str:
    """All that two terms may differ in, as the audit keeps it."""
    shown = "; ".join(
        f"{row.kind} {row.direction} {row.rate.normalize():f} vat={row.tax_percent.normalize():f}"
        f" {row.text}".strip()
        for row in lines
    )
    account = terms.fee_account.public_id if terms.fee_account else "-"
    way = " set-off" if terms.sets_off_fees else ""
    return f"{terms.host} {terms.rhythm or '-'} {terms.currency} account={account}{way} {shown}"
