"""Moving out: the last day, fees that end with it, cards, and the final bill."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing.accounts.dated import refuse_far_days
from billing.accounts.fee_models import Fee, Recurrence, SubjectKind
from billing.accounts.fee_services import delete_fee, end_fee
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from customers.residents.models import FinalBill, Resident
from customers.residents.services import store_days
from customers.tokens.models import IdToken, TokenStatus
from customers.tokens.services import put_token


@transaction.atomic
def move_out(
    *, resident: Resident, last_on: date, ends_tokens: bool = False, reason: str = ""
) -> Resident:
    """Make a day the resident's last. Fees for the bay, the driver and the cards end with it, and
    those of the account alone where nobody else of it stays; what is due up to that day comes on
    a final bill. ``ends_tokens``: the driver's cards are refused from the next day on.

    Refuses a day before the first or far away, and another day once the final bill was made.
    """
    refuse_far_days(last_on, field="last_on")
    row: Resident = (
        Resident.objects.select_for_update(of=("self",))
        .select_related("site__operator", "bay", "driver", "account")
        .get(pk=resident.pk)
    )
    if row.final_bill in (FinalBill.MADE, FinalBill.NOTHING):
        raise RuleViolation("final_bill_made", _("The final bill was made already."))
    if row.valid_from_on is not None and last_on < row.valid_from_on:
        raise InvalidInput("days", _("The last day comes before the first."), field="last_on")
    before = {"valid_until_on": row.valid_until_on, "final_bill": row.final_bill}
    row.valid_until_on = last_on
    row.final_bill = FinalBill.DUE if row.account_id is not None else FinalBill.NONE
    store_days(row)
    ended = end_fees(row, last_on, reason)
    tokens = _end_tokens(row, last_on, reason) if ends_tokens else []
    record(
        "resident.move_out", row, operator_id=row.operator_id, before=before,
        after={
            "valid_until_on": last_on, "final_bill": row.final_bill, "ended_fees": ended,
            "ended_tokens": tokens,
        },
        reason=reason,
    )  # fmt: skip
    return row


@transaction.atomic
def stay(*, resident: Resident, reason: str = "") -> Resident:
    """Take moving out back, as long as no final bill was made; fees and cards that ended with it
    are begun anew by hand."""
    row: Resident = (
        Resident.objects.select_for_update(of=("self",))
        .select_related("site", "bay")
        .get(pk=resident.pk)
    )
    if row.valid_until_on is None:
        raise RuleViolation("stays", _("The resident does not move out."))
    if row.final_bill in (FinalBill.MADE, FinalBill.NOTHING):
        raise RuleViolation("final_bill_made", _("The final bill was made already."))
    before = {"valid_until_on": row.valid_until_on}
    row.valid_until_on, row.final_bill = None, FinalBill.NONE
    store_days(row)
    record(
        "resident.stay", row, operator_id=row.operator_id, before=before,
        after={"valid_until_on": None}, reason=reason,
    )  # fmt: skip
    return row


def fees_to_end(resident: Resident, last_on: date) -> list[Fee]:
    """Monthly fees of the account that moving out ends: for the bay, the driver and their cards;
    without a subject where no other resident of the account stays."""
    if resident.account_id is None:
        return []
    wanted = Q(pk=None)
    if resident.bay is not None:
        wanted |= Q(subject_kind=SubjectKind.BAY, subject_ref=resident.bay.public_id)
    if resident.driver is not None:
        uids = list(IdToken.objects.filter(driver=resident.driver).values_list("uid", flat=True))
        wanted |= Q(subject_kind=SubjectKind.DRIVER, subject_ref=resident.driver.public_id)
        wanted |= Q(subject_kind=SubjectKind.TOKEN, subject_ref__in=uids)
    others = Resident.objects.filter(account=resident.account).exclude(pk=resident.pk)
    if not others.filter(Q(valid_until_on=None) | Q(valid_until_on__gt=last_on)).exists():
        wanted |= Q(subject_kind="")
    rows = Fee.objects.filter(wanted, account=resident.account, recurrence=Recurrence.MONTHLY)
    return list(rows.exclude(ends_on__lte=last_on).select_related("account").order_by("pk"))


def end_fees(resident: Resident, last_on: date, reason: str) -> list[str]:
    """End those fees on the day; one that would begin later is never due. Returns their names."""
    found = fees_to_end(resident, last_on)
    for fee in found:
        if fee.starts_on > last_on:
            delete_fee(fee=fee, reason=reason)
        else:
            end_fee(fee=fee, ends_on=last_on, reason=reason)
    return [fee.name for fee in found]


def tokens_to_end(resident: Resident) -> list[IdToken]:
    """The driver's cards that are not withdrawn."""
    if resident.driver_id is None:
        return []
    rows = IdToken.objects.filter(driver_id=resident.driver_id)
    return list(rows.exclude(status=TokenStatus.INVALID).order_by("uid"))


def _end_tokens(resident: Resident, last_on: date, reason: str) -> list[str]:
    """Cards expire when the day is over at the site; one that expires before stays so."""
    ends_at = end_of_day(last_on, resident.site.time_zone)
    ended = []
    for token in tokens_to_end(resident):
        if token.expires_at is None or token.expires_at > ends_at:
            put_token(
                operator=resident.site.operator, uid=token.uid, expires_at=ends_at, reason=reason
            )
            ended.append(token.uid)
    return ended


def end_of_day(day: date, zone: str) -> datetime:
    """The instant at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
