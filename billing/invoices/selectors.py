"""Reading invoices, runs and manual items for pages, files and the API."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from billing.invoices.models import Invoice, InvoiceItem, InvoiceKind, InvoiceState
from billing.invoices.run_models import BillingRun, ManualItem, RunCarry
from billing.rating.models import BillingState, SessionBilling
from billing.review.models import Hold


def invoices() -> QuerySet[Invoice]:
    """All documents of the operator in scope, drafts first, then the newest."""
    rows: QuerySet[Invoice] = Invoice.objects.select_related("account", "seller", "run", "original")
    return rows.order_by(F("issued_on").desc(nulls_first=True), "-pk")


def runs() -> QuerySet[BillingRun]:
    """All billing runs, the newest first."""
    rows: QuerySet[BillingRun] = BillingRun.objects.select_related("seller__operator", "account")
    return rows.order_by("-created_at", "-pk")


def manual_items() -> QuerySet[ManualItem]:
    """All items entered by hand with the invoice that bills them, the latest first."""
    billed = InvoiceItem.objects.filter(manual=OuterRef("pk"))
    rows: QuerySet[ManualItem] = ManualItem.objects.select_related("account", "seller", "site")
    return rows.annotate(
        invoice_ref=Subquery(billed.values("invoice__public_id")[:1]),
        invoice_number=Subquery(billed.values("invoice__number")[:1]),
    ).order_by("-due_on", "-pk")


def items_of(invoice: Invoice) -> QuerySet[InvoiceItem]:
    """What an invoice bills, with its sessions, in order."""
    rows: QuerySet[InvoiceItem] = InvoiceItem.objects.filter(invoice=invoice).select_related(
        "line", "adjusts", "fee", "manual", "billable__session",
        "billable__rated_session__site", "billable__rated_session__station",
    )  # fmt: skip
    return rows.order_by("line__position", "pk")


@dataclass(frozen=True, slots=True)
class HeldSum:
    """Sessions that the run leaves out until somebody has looked at them."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class RunPreview:
    """What a run would issue, what it leaves out and why, and what is new."""

    drafts: list[Invoice]
    more: int
    carries: list[RunCarry]
    held: list[HeldSum]
    held_count: int
    waiting_count: int
    gone: list[Invoice]


MOST_SHOWN = 100


def preview(run: BillingRun) -> RunPreview:
    """The invoices of a run, each with the one before it (``before_gross``), what is carried
    over, what is held, and accounts that got an invoice last time and get none now."""
    rows = with_before(Invoice.objects.filter(run=run)).select_related("account")
    shown = list(rows.order_by("account__name", "pk")[:MOST_SHOWN])
    until = Q(session__stopped_at__date__lte=run.period_until_on)
    doubtful = SessionBilling.objects.filter(until, state=BillingState.HELD)
    waiting = SessionBilling.objects.filter(
        until, state__in=(BillingState.WAITING, BillingState.AWAITING_PRICE)
    )
    holds = Hold.objects.filter(closed_at=None, billing__in=doubtful).order_by()
    by_code = holds.values_list("code").annotate(n=Count("pk")).order_by("-n", "code")
    return RunPreview(
        drafts=shown,
        more=max(0, rows.count() - len(shown)),
        carries=list(run.carries.select_related("account").order_by("pk")[:MOST_SHOWN]),
        held=[HeldSum(code, count) for code, count in by_code],
        held_count=doubtful.count(),
        waiting_count=waiting.count(),
        gone=_gone(run),
    )


def with_before(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Invoices with the gross sum of the account's one before in the same currency."""
    before = Invoice.objects.filter(
        account=OuterRef("account"), seller=OuterRef("seller"), currency=OuterRef("currency"),
        kind=InvoiceKind.INVOICE, pk__lt=OuterRef("pk"),
    ).exclude(state=InvoiceState.DRAFT).exclude(run=OuterRef("run"))  # fmt: skip
    return rows.annotate(before_gross=Subquery(before.order_by("-pk").values("gross")[:1]))


def _gone(run: BillingRun) -> list[Invoice]:
    last = (
        BillingRun.objects.filter(
            seller=run.seller, scope=run.scope, period_until_on__lt=run.period_until_on,
            invoice_count__gt=0,
        )
        .order_by("-period_until_on", "-pk")
        .first()
    )  # fmt: skip
    if last is None:
        return []
    now = Invoice.objects.filter(run=run).order_by().values("account")
    rows = Invoice.objects.filter(run=last).exclude(account__in=now).select_related("account")
    return list(rows.order_by("account__name")[:MOST_SHOWN])
