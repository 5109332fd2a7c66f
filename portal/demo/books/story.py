"""Deciding, invoicing, paying and closing the months of the demo's past, a step at a time.

Sessions are priced by the workers after the demo has started, so the books follow them: a task
asks again and again for the next step until the last month that is over is closed. What is done is
read from the books themselves; a step that is cut off is taken again.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.accounting.exports.models import ExportProfile
from billing.accounting.exports.services import create_profile, make_exports
from billing.accounting.models import Period, PeriodState
from billing.accounting.period_services import close_period
from billing.accounts.dated import operator_day
from billing.invoices.crediting import credit
from billing.invoices.models import Invoice, InvoiceKind
from billing.invoices.run_models import BillingRules, BillingRun
from billing.invoices.runs import change_rules, plan_run, work_run
from billing.invoices.settling import mark_overdue
from billing.payments.bank_models import BankFile
from billing.payments.bringing import bring_file
from billing.payments.matching_services import BATCH, match_new
from billing.rating.models import BillingState, SessionBilling
from billing.sellers.models import Seller
from core.accounts.models import Operator
from core.months import last_day, next_month
from core.tenancy.scopes import across_operators, operator_scope
from portal.demo.books.bank_file import Paid, camt054
from portal.demo.books.basing import freeze_bases
from portal.demo.books.deciding import decide_one
from portal.demo.books.moving import move_one
from portal.demo.books.payers import Bill, payment_of, strangers
from portal.demo.books.settling import pay_hosts, settle_hosts
from stations.sessions.models import Session

_ORE: Final = Decimal("0.01")
_UNDECIDED: Final = (BillingState.WAITING,)
_CREDIT_REASON: Final = "Laddstationen angav fel pris på skylten den dagen."


def begin(slugs: Iterable[str], history_from_on: date) -> None:
    """Let no calendar invoice the past before its story is told."""
    for operator in Operator.objects.filter(slug__in=list(slugs)):
        with operator_scope(operator):
            change_rules(
                seller=Seller.objects.get(is_default=True),
                runs_alone=False,
                bills_from_on=history_from_on.replace(day=1),
            )


def advance(*, now: datetime) -> bool:
    """Take the next step of any operator whose story is not told; False: there was none."""
    with across_operators("the demo has two operators"):
        keys = list(
            BillingRules.objects.filter(runs_alone=False, bills_from_on__isnull=False)
            .order_by("pk")
            .values_list("operator_id", flat=True)
        )
    return any(_next_of(key, now) for key in keys)


@transaction.atomic
def _next_of(operator_id: int, now: datetime) -> bool:
    # One worker at a time tells the story of an operator.
    rows = Operator.objects.select_for_update(skip_locked=True, no_key=True)
    operator = rows.filter(pk=operator_id).first()
    if operator is None:
        return False
    with operator_scope(operator):
        story = _Story(operator, now)
        return story.is_ready() and story.step()


class _Story:
    """The steps of one operator, each taken once."""

    def __init__(self, operator: Operator, now: datetime) -> None:
        self._operator = operator
        self._now = now
        self._today = operator_day(operator, now)
        self._seller = Seller.objects.get(is_default=True)
        self._rules = BillingRules.objects.get(seller=self._seller)

    def is_ready(self) -> bool:
        """Whether everything of the months that are over has been priced, or is held."""
        end = self._at(self._today.replace(day=1))
        past = Session.objects.filter(stopped_at__lt=end)
        unpriced = SessionBilling.objects.filter(session__stopped_at__lt=end)
        unpriced = unpriced.filter(is_due=True) | unpriced.filter(state__in=_UNDECIDED)
        return past.exists() and not unpriced.exists() and not past.filter(billing=None).exists()

    def step(self) -> bool:
        """The first step that is not done; after the last one the calendar takes over."""
        if decide_one(self._operator):
            return True
        for month in self._months():
            after = next_month(month)
            if self._invoice(month) or self._pay(after) or self._credit(after):
                return True
            if self._settle(month, after) or self._freeze(month):
                return True
            if self._close(month) or self._export(month):
                return True
        if move_one(self._today):
            return True
        mark_overdue(operator_id=self._operator.pk, today=self._today)
        change_rules(seller=self._seller, runs_alone=True)
        return False

    def _months(self) -> Iterator[date]:
        month = self._rules.bills_from_on
        assert month is not None
        while next_month(month) <= self._today:
            yield month
            month = next_month(month)

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(5), ZoneInfo(self._operator.time_zone))

    def _invoice(self, month: date) -> bool:
        key = f"month:{month:%Y-%m}"
        if BillingRun.objects.filter(seller=self._seller, schedule_key=key).exists():
            return False
        at = min(self._at(next_month(month) + timedelta(days=1)), self._now)
        run = plan_run(
            seller=self._seller, period=(month, last_day(month)), now=at,
            issues_alone=True, schedule_key=key,
        )  # fmt: skip
        work_run(run, now=at)
        return True

    def _pay(self, month: date) -> bool:
        """The bank's files of a month, one a day as banks send them; of this month up to today,
        with what nobody expected."""
        files = f"DEMO{self._operator.pk}-{month:%Y%m}"
        if BankFile.objects.filter(file_id__startswith=files).exists():
            return False
        until = min(last_day(month), self._today)
        by_day: dict[date, list[Paid]] = defaultdict(list)
        for one in self._payments():
            if month <= one.on <= until:
                by_day[one.on].append(one)
        if until == self._today:
            by_day[until] += strangers(random.Random(files), until)
        for day in sorted(by_day):
            self._bring(f"{files}{day:%d}", day, by_day[day])
        return bool(by_day)

    def _bring(self, file_id: str, day: date, payments: Sequence[Paid]) -> None:
        """A file of the bank, matched on its day."""
        account = self._seller.bankgiro or self._seller.iban or "5050-1055"
        raw = camt054(file_id, account, self._operator.currency, payments)
        bring_file(operator=self._operator, name=f"camt054-{day}.xml", raw=raw)
        at = min(self._at(day), self._now)
        while match_new(operator_id=self._operator.pk, now=at) == BATCH:
            continue

    def _payments(self) -> list[Paid]:
        rows = Invoice.objects.filter(
            seller=self._seller,
            kind=InvoiceKind.INVOICE,
            open_amount__gt=0,
            currency=self._operator.currency,
        )
        found = [payment_of(_bill(one)) for one in rows.select_related("account").order_by("pk")]
        return sorted((one for one in found if one), key=lambda one: one.on)

    def _credit(self, month: date) -> bool:
        """One invoice of the first month is taken back in part."""
        if Invoice.objects.filter(seller=self._seller, kind=InvoiceKind.CREDIT_NOTE).exists():
            return False
        wanted = Invoice.objects.filter(
            seller=self._seller, kind=InvoiceKind.INVOICE, gross__gt=200, open_amount__gt=0
        )
        # An invoice with deductions is credited by line.
        invoice = wanted.exclude(lines__gross__lt=0).order_by("pk").first()
        at = self._at(month + timedelta(days=9))
        if invoice is None or at > self._now:
            return False
        credit(invoice, reason=_CREDIT_REASON, gross=(invoice.gross / 4).quantize(_ORE), now=at)
        return True

    def _settle(self, month: date, after: date) -> bool:
        """What hosts earned in a month, and paying them; the last time it waits for approval."""
        at = min(self._at(after + timedelta(days=4)), self._now)
        if settle_hosts(last_day(month), at=at):
            return True
        later = self._at(after + timedelta(days=8))
        if later > self._now:
            return False
        is_last = next_month(after) > self._today
        return pay_hosts(self._operator, self._seller, at=later, is_last=is_last)

    def _freeze(self, month: date) -> bool:
        """What residents owe in a month where their association bills them itself. The first
        month has a few days alone, which the next one's basis takes with it."""
        if month == self._rules.bills_from_on:
            return False
        at = min(self._at(next_month(month) + timedelta(days=4)), self._now)
        return freeze_bases(month, at=at)

    def _close(self, month: date) -> bool:
        closed = Period.objects.filter(
            seller=self._seller, begins_on=month, state=PeriodState.CLOSED
        )
        if closed.exists():
            return False
        close_period(seller=self._seller, begins_on=month, reason="Demo")
        return True

    def _export(self, month: date) -> bool:
        """The file that the accountant's ledger takes in once the month is closed."""
        profile = self._profile()
        made_for = f"month:{month:%Y-%m}"
        if profile.receipts.filter(made_for=made_for).exists():
            return False
        return bool(make_exports(profile=profile, until_on=last_day(month), made_for=made_for))

    def _profile(self) -> ExportProfile:
        found: ExportProfile | None = ExportProfile.objects.filter(seller=self._seller).first()
        return found or create_profile(
            seller=self._seller, name="Fortnox", starts_on=self._rules.bills_from_on
        )


def _bill(invoice: Invoice) -> Bill:
    assert invoice.issued_on is not None
    return Bill(
        number=invoice.number,
        ocr=invoice.ocr,
        payer=str(invoice.account),
        issued_on=invoice.issued_on,
        due_on=invoice.due_on or invoice.issued_on,
        payable=invoice.payable,
    )
