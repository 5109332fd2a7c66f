"""What still stands in the way of closing a month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.accounting.accruals import Accrued, accrued_until
from billing.accounting.attests import unattested
from billing.accounting.models import JournalEntry
from billing.accounting.posting_services import unposted
from billing.accounting.selectors import open_months
from billing.invoices.delivery_models import Delivery, DeliveryState
from billing.invoices.models import Invoice, InvoiceState
from billing.payments.bank_models import BankTransaction, TransactionState
from billing.sellers.models import Seller
from core.months import last_day

MOST_NAMED: Final = 3
TITLES: Final[dict[str, Promise]] = {
    "month_over": _("The month is over"),
    "earlier_months": _("Earlier months are closed"),
    "drafts": _("Drafts of invoices are issued or deleted"),
    "unposted": _("Everything is booked"),
    "unmatched": _("Movements of the bank are matched"),
    "undelivered": _("Invoices have reached their customers"),
    "held": _("Held sessions are decided"),
    "uninvoiced": _("What was delivered is invoiced"),
    "unattested": _("What was credited, waived or lost is approved by somebody else"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: how many are open, some of them by name, where to act.

    ``blocks``: the month cannot be closed before it is done; else it is only told.
    """

    code: str
    count: int
    names: tuple[str, ...] = ()
    url: str = ""
    blocks: bool = True

    @property
    def title(self) -> Promise:
        """What is done when nothing is open, in words."""
        return TITLES[self.code]

    @property
    def is_done(self) -> bool:
        """Nothing is open."""
        return not self.count

    @property
    def shown_status(self) -> str:
        """``done``, ``open`` or (where it only is told) ``told``."""
        if self.is_done:
            return "done"
        return "open" if self.blocks else "told"

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the closing."""
        return {"code": self.code, "count": self.count, "names": list(self.names)}


def checklist(seller: Seller, begins_on: date, accrued: list[Accrued] | None = None) -> list[Check]:
    """The checks of a month, in the order in which they are done; a fixed number of queries."""
    until_on = last_day(begins_on)
    if accrued is None:
        accrued = accrued_until(seller, until_on)
    return [
        _over(seller, until_on),
        _earlier(seller, begins_on),
        _drafts(seller, until_on),
        _unposted(seller, until_on),
        _unmatched(seller, until_on),
        _undelivered(seller, until_on),
        _held(accrued),
        _uninvoiced(accrued),
        _unattested(seller, begins_on, until_on),
    ]


def left_open(kept: Iterable[Mapping[str, Any]]) -> list[Check]:
    """Those checks of a closing that were open, from what was kept of them."""
    checks = (Check(one["code"], one["count"], tuple(one["names"])) for one in kept)
    return [one for one in checks if not one.is_done]


def _over(seller: Seller, until_on: date) -> Check:
    end = datetime.combine(
        until_on + timedelta(days=1), time(), ZoneInfo(seller.operator.time_zone)
    )
    is_over = datetime.now(end.tzinfo) >= end
    return Check("month_over", 0 if is_over else 1)


def _earlier(seller: Seller, begins_on: date) -> Check:
    """Months close in their order, from the first that has an entry."""
    earlier = [month for month in open_months(seller, begins_on) if month < begins_on]
    names = tuple(f"{month:%Y-%m}" for month in earlier[:MOST_NAMED])
    return Check("earlier_months", len(earlier), names, page("period_list"))


def _drafts(seller: Seller, until_on: date) -> Check:
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        seller=seller, state=InvoiceState.DRAFT, supply_until_on__lte=until_on
    )
    return _counted("drafts", rows, "invoice_list", blocks=False)


def _unposted(seller: Seller, until_on: date) -> Check:
    counts = unposted(seller, until_on)
    names = tuple(f"{kind}: {count}" for kind, count in counts.items())
    return Check("unposted", sum(counts.values()), names)


def _unmatched(seller: Seller, until_on: date) -> Check:
    rows: QuerySet[BankTransaction] = BankTransaction.objects.filter(
        operator_id=seller.operator_id,
        booked_on__lte=until_on,
        state__in=(TransactionState.NEW, TransactionState.WORK_LIST),
    )
    found = _counted("unmatched", rows, "bank_transaction_list")
    names = tuple(_movement(one) for one in rows.order_by("pk")[:MOST_NAMED])
    return replace(found, names=names)


def _movement(row: BankTransaction) -> str:
    """Day, amount and who paid, as it stands in the bank's list."""
    return f"{row.booked_on} {row.amount:.2f} {row.currency} {row.payer_name}".strip()


def _undelivered(seller: Seller, until_on: date) -> Check:
    """Invoices whose latest handing over failed or came back."""
    latest = Delivery.objects.filter(invoice=OuterRef("pk")).order_by("-pk").values("state")[:1]
    rows: QuerySet[Invoice] = Invoice.objects.filter(seller=seller, issued_on__lte=until_on)
    failed = rows.annotate(sending=Subquery(latest)).filter(
        sending__in=(DeliveryState.FAILED, DeliveryState.BOUNCED)
    )
    return _counted("undelivered", failed, "invoice_delivery_list", blocks=False)


def _held(accrued: list[Accrued]) -> Check:
    held = [one for one in accrued if one.reason in ("held", "waiting")]
    names = tuple(one.session for one in held[:MOST_NAMED])
    return Check("held", len(held), names, page("review_list"), blocks=False)


def _uninvoiced(accrued: list[Accrued]) -> Check:
    rows = [one for one in accrued if one.reason in ("not_invoiced", "awaiting_price")]
    names = tuple(one.session for one in rows[:MOST_NAMED])
    return Check("uninvoiced", len(rows), names, page("rated_list"), blocks=False)


def _unattested(seller: Seller, begins_on: date, until_on: date) -> Check:
    rows = JournalEntry.objects.filter(
        seller=seller, booked_on__gte=begins_on, booked_on__lte=until_on
    )
    return _counted("unattested", unattested(rows), "voucher_list", blocks=False)


def _counted(code: str, rows: QuerySet[Any], url_name: str, *, blocks: bool = True) -> Check:
    count = rows.count()
    names = tuple(str(one) for one in rows.order_by("pk")[:MOST_NAMED]) if count else ()
    return Check(code, count, names, page(url_name), blocks)


def page(name: str) -> str:
    """An address; empty where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
