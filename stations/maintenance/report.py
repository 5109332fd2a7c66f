"""The report of how agreements are kept: what it reads, its files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms_months import FirstDayField
from core.lists.export import FORMATS, ProducedFile, csv_lines, file_name
from core.lists.sheets import write_sheet
from core.lists.spec import CsvColumn
from core.months import month_before, months_between, next_month
from stations.maintenance import lifecycle
from stations.maintenance.clocks import Pause
from stations.maintenance.keeping import Kept, OrderFacts, kept
from stations.maintenance.models import PauseReason, WorkOrder
from stations.maintenance.partner_models import Partner
from stations.maintenance.selectors import orders
from stations.maintenance.timing import clocks_of

MOST_MONTHS: Final = 24


class KeptForm(forms.Form):
    """Months, both included, and of whom. Without months: this one and the two before."""

    from_month = FirstDayField(label=_("From month"))
    until_month = FirstDayField(label=_("Until month"))
    partner: Any = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label=_("All partners"),
    )

    def __init__(self, query: Mapping[str, Any], *, operator: Operator) -> None:
        given = {name: query.get(name, "") for name in self.base_fields}
        today = timezone.now().astimezone(ZoneInfo(operator.time_zone)).date()
        first = month_before(month_before(today.replace(day=1)))
        given["from_month"] = given["from_month"] or f"{first:%Y-%m}"
        given["until_month"] = given["until_month"] or f"{today:%Y-%m}"
        super().__init__(given)
        fields: dict[str, Any] = self.fields
        fields["partner"].queryset = Partner.objects.filter(
            pk__in=orders().order_by().values("partner_id")
        ).order_by("name", "id")

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins, or is too long."""
        values = super().clean() or {}
        begin, end = values.get("from_month"), values.get("until_month")
        if begin and end and end < begin:
            self.add_error("until_month", _("The period ends before it begins."))
        elif begin and end and len(months_between(begin, end)) > MOST_MONTHS:
            text = _("At most %(months)d months at a time.") % {"months": MOST_MONTHS}
            self.add_error("until_month", text)
        return values


def kept_report(
    operator: Operator, *, from_month: date, until_month: date, partner: Partner | None
) -> list[Kept]:
    """Orders opened in these months of the operator's clock; two queries. Orders that were
    cancelled count where they broke a promise."""
    zone, now = ZoneInfo(operator.time_zone), timezone.now()
    begin = datetime.combine(from_month, time(), zone)
    end = datetime.combine(next_month(until_month), time(), zone)
    rows = orders().filter(opened_at__gte=begin, opened_at__lt=end).order_by("opened_at", "id")
    if partner is not None:
        rows = rows.filter(partner=partner)
    found = [_facts(order, zone, now) for order in rows]
    return kept(one for one in found if one is not None)


def _facts(order: WorkOrder, zone: ZoneInfo, now: datetime) -> OrderFacts | None:
    both = clocks_of(order, now)
    if order.state == lifecycle.CANCELLED and not both.is_breached:
        return None
    return OrderFacts(
        month=order.opened_at.astimezone(zone).date().replace(day=1),
        partner=order.partner.public_id if order.partner else "",
        partner_name=order.partner.name if order.partner else "",
        respond=both.respond,
        restore=both.restore,
        pauses=tuple(Pause(p.began_at, p.ended_at, p.reason) for p in order.pauses.all()),
        began_at=order.opened_at,
        until_at=order.repaired_at or order.closed_at or now,
    )


def reason_words(row: Kept) -> list[tuple[str, timedelta]]:
    """Why clocks stood still, and how long, the longest first."""
    words = dict(PauseReason.choices)
    found = [(str(words.get(reason, reason)), length) for reason, length in row.reasons.items()]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def minutes(length: timedelta) -> float:
    """For files and the API."""
    return round(length.total_seconds() / 60, 2)


def _minutes(name: str) -> Callable[[Kept], float]:
    return lambda row: minutes(getattr(row, name))


def _paused(reason: str) -> Callable[[Kept], float]:
    return lambda row: minutes(row.reasons.get(reason, timedelta()))


COLUMNS: Final = (
    CsvColumn("month", lambda row: f"{row.month:%Y-%m}"),
    CsvColumn("partner", "partner_name"),
    CsvColumn("partner_id", "partner"),
    CsvColumn("orders"),
    CsvColumn("promised"),
    CsvColumn("within"),
    CsvColumn("broken"),
    CsvColumn("running"),
    CsvColumn("respond_broken"),
    CsvColumn("restore_broken"),
    CsvColumn("kept_pct", "share"),
    CsvColumn("over_min", _minutes("over")),
    CsvColumn("paused_min", _minutes("paused")),
    *(CsvColumn(f"paused_{reason}_min", _paused(reason)) for reason in PauseReason.values),
)


def produce(title: str, rows: Sequence[Kept], extension: str) -> ProducedFile:
    """The whole report as a file."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 - handed on
    if extension == "xlsx":
        write_sheet(file, title, iter(rows), list(COLUMNS))
    else:
        for line in csv_lines(iter(rows), list(COLUMNS)):
            file.write(line.encode())
    file.seek(0)
    return ProducedFile(file_name("agreements", extension), FORMATS[extension], len(rows), file)
