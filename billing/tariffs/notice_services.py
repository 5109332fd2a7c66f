"""Deciding that customers are told of a price, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.tariffs.audience import accounts_concerned
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion
from billing.tariffs.notice import is_short, proposed_start, send_at
from billing.tariffs.notice_models import (
    DeliveryState,
    NoticeDelivery,
    NoticeRules,
    NoticeState,
    PriceNotice,
)
from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id

_A_MOMENT = timedelta(minutes=2)


def rules_for(operator: Operator) -> NoticeRules:
    """The operator's rules; unsaved with the usual days until they are changed."""
    found: NoticeRules | None = NoticeRules.objects.filter(operator=operator).first()
    return found or NoticeRules(operator=operator)


@transaction.atomic
def change_rules(*, operator: Operator, notice_days: int, reason: str = "") -> NoticeRules:
    """Set the days; notices that are scheduled keep theirs."""
    NoticeRules.objects.get_or_create(operator=operator)
    rules = rules_for(operator)
    before, after = apply_changes(rules, {"notice_days": notice_days})
    if after:
        rules.full_clean()
        rules.save()
        record(
            "tariff.notice_rules",
            rules,
            operator_id=operator.pk,
            before=before,
            after=after,
            reason=reason,
        )
    return rules


def announce(
    *,
    tariff: Tariff,
    rows: Sequence[TariffAssignment],
    start: datetime,
    version: TariffVersion | None = None,
    accepts_short: bool = False,
    reason: str = "",
) -> PriceNotice | None:
    """Let the customers concerned be told that the assignments' price holds from ``start``.

    None where nobody is to be told: the operator tells nobody, the start lies in the past (no
    session of it had a price), or nobody is concerned and the start is so near that nobody will
    be. Refuses a start that is nearer than the rule while customers are concerned, unless that is
    accepted with a reason; those are told at once. The caller is in a transaction.
    """
    now = timezone.now()
    days = rules_for(tariff.operator).notice_days
    if days == 0 or not rows or start < now - _A_MOMENT:
        return None
    short = is_short(start, now, days)
    if short:
        count = len(accounts_concerned(rows, start))
        if count == 0:
            return None
        _refuse_short(tariff, count, days, now, accepts=accepts_short, reason=reason)
    due = now if short else max(now, send_at(start, days, ZoneInfo(tariff.operator.time_zone)))
    notice: PriceNotice = PriceNotice.objects.create(
        operator_id=tariff.operator_id,
        public_id=public_id("ntc"),
        tariff=tariff,
        version=version,
        assignments=[] if version else [row.public_id for row in rows],
        takes_effect_at=start,
        notice_days=days,
        send_at=due,
        is_short=short,
        reason=reason[:500],
        created_by=current_actor.get().label[:200],
    )
    record(
        "tariff.notice",
        tariff,
        operator_id=tariff.operator_id,
        after={"notice": notice.public_id, "takes_effect_at": start, "send_at": due, "days": days},
        reason=reason,
    )
    return notice


def _refuse_short(
    tariff: Tariff, count: int, days: int, now: datetime, *, accepts: bool, reason: str
) -> None:
    if not accepts:
        first = proposed_start(now, days, ZoneInfo(tariff.operator.time_zone))
        text = ngettext(
            "%(count)s customer is concerned and must be told %(days)s days before: the earliest "
            "start is %(first)s. Choose a later start, or accept the shorter notice and say why.",
            "%(count)s customers are concerned and must be told %(days)s days before: the earliest "
            "start is %(first)s. Choose a later start, or accept the shorter notice and say why.",
            count,
        )
        told = {"count": count, "days": days, "first": date_format(first, "Y-m-d H:i")}
        raise RuleViolation("notice_too_short", text % told, field="accepts_short_notice")
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why the notice is shorter."), field="reason")


def cancel_notices(where: Q) -> int:
    """Cancel what is scheduled and was not begun."""
    return PriceNotice.objects.filter(where, state=NoticeState.SCHEDULED).update(
        state=NoticeState.CANCELLED, done_at=timezone.now()
    )


def take_back(version: TariffVersion, *, reason: str) -> list[PriceNotice]:
    """Let customers who were told of a version that was withdrawn be told that it does not come.

    Letters that wait or failed go no more; those that were sent are followed by another to the
    same address. What was only scheduled is cancelled. The caller is in a transaction.
    """
    cancel_notices(Q(version=version.pk))
    begun = PriceNotice.objects.filter(
        version=version.pk, takes_back=None, state__in=(NoticeState.SENDING, NoticeState.DONE)
    )
    return [made for one in begun.order_by("pk") if (made := _correct(one, reason)) is not None]


def _correct(notice: PriceNotice, reason: str) -> PriceNotice | None:
    now = timezone.now()
    letters = NoticeDelivery.objects.filter(notice=notice)
    # First, since a letter that is on its way holds its row until it is sent.
    unsent = letters.filter(state__in=(DeliveryState.QUEUED, DeliveryState.FAILED))
    unsent.update(state=DeliveryState.CANCELLED, next_try_at=None)
    sent = list(letters.filter(state=DeliveryState.SENT).order_by("pk"))
    PriceNotice.objects.filter(pk=notice.pk, state=NoticeState.SENDING).update(
        state=NoticeState.DONE if sent else NoticeState.CANCELLED, done_at=now
    )
    if not sent:
        return None
    made: PriceNotice = PriceNotice.objects.create(
        operator_id=notice.operator_id,
        public_id=public_id("ntc"),
        tariff_id=notice.tariff_id,
        version_id=notice.version_id,
        takes_back=notice,
        takes_effect_at=notice.takes_effect_at,
        notice_days=notice.notice_days,
        send_at=now,
        state=NoticeState.SENDING,
        reason=reason[:500],
        created_by=current_actor.get().label[:200],
    )
    NoticeDelivery.objects.bulk_create(
        NoticeDelivery(
            operator_id=one.operator_id, public_id=public_id("ntd"), notice=made,
            account_id=one.account_id, account_name=one.account_name, address=one.address,
            language=one.language, next_try_at=now,
        )
        for one in sent
    )  # fmt: skip
    record(
        "tariff.notice_taken_back",
        notice.tariff,
        operator_id=notice.operator_id,
        after={"notice": made.public_id, "takes_back": notice.public_id, "letters": len(sent)},
        reason=reason,
    )
    return made


@transaction.atomic
def send_again(*, notice: PriceNotice, reason: str = "") -> int:
    """Try letters that failed once more, from the beginning; refuses when none has."""
    now = timezone.now()
    count = NoticeDelivery.objects.filter(notice=notice, state=DeliveryState.FAILED).update(
        state=DeliveryState.QUEUED, attempts=0, error="", next_try_at=now
    )
    if not count:
        raise RuleViolation("nothing_failed", _("No letter has failed."))
    PriceNotice.objects.filter(pk=notice.pk, state=NoticeState.DONE).update(
        state=NoticeState.SENDING, done_at=None
    )
    record(
        "tariff.notice_again",
        notice.tariff,
        operator_id=notice.operator_id,
        after={"notice": notice.public_id, "letters": count},
        reason=reason,
    )
    return count
