"""Finding whom a notice goes to, and sending it; pulled, so that a killed run goes on."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.accounts.models import BillingAccount
from billing.tariffs.affected import overlapping
from billing.tariffs.audience import accounts_concerned
from billing.tariffs.documents import parsed
from billing.tariffs.models import TariffAssignment, TariffVersion, VersionState
from billing.tariffs.notice import next_try_at
from billing.tariffs.notice_models import DeliveryState, NoticeDelivery, NoticeState, PriceNotice
from billing.tariffs.preview import preview_of
from billing.tariffs.tables import place_text
from core.accounts.models import Operator
from core.ids import public_id
from core.letters.services import send_letter
from core.mail import mail_domain
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of
from core.tenancy.scopes import operator_scope

logger = logging.getLogger(__name__)
LETTER: Final = "price_letter"
MOST_LETTERS: Final = 200
MOST_PLACES: Final = 30
UNWRITTEN_WAITS: Final = timedelta(hours=1)


def address_due(now: datetime) -> int:
    """Make the letters of notices that are due, one notice at a time; returns how many."""
    due = PriceNotice.objects.filter(state=NoticeState.SCHEDULED, send_at__lte=now)
    keys = list(due.order_by("send_at", "pk").values_list("pk", flat=True)[:50])
    return sum(_address_alone(key, now) for key in keys)


def _address_alone(pk: int, now: datetime) -> int:
    """One notice that cannot be addressed keeps no other waiting."""
    try:
        return _address(pk, now)
    except Exception:
        logger.exception("price notice %s could not be addressed", pk)
        return 0


def _address(pk: int, now: datetime) -> int:
    with transaction.atomic():
        rows = PriceNotice.objects.select_for_update(skip_locked=True, of=("self",))
        notice = (
            rows.select_related("operator", "version")
            .filter(pk=pk, state=NoticeState.SCHEDULED)
            .first()
        )
        if notice is None:
            return 0
        with operator_scope(notice.operator):
            holding = assignments_of(notice)
            if not holding or _is_withdrawn(notice):
                notice.state, notice.done_at = NoticeState.CANCELLED, now
                notice.save(update_fields=["state", "done_at"])
                return 0
            letters = _letters(notice, accounts_concerned(holding, notice.takes_effect_at), now)
        NoticeDelivery.objects.bulk_create(letters)
        notice.state = NoticeState.SENDING
        notice.save(update_fields=["state"])
    return len(letters)


def assignments_of(notice: PriceNotice) -> list[TariffAssignment]:
    """The assignments that the notice is about and that hold from its start on."""
    rows = TariffAssignment.objects.filter(tariff=notice.tariff_id).select_related(
        "operator", "site", "station__site", "evse__station__site", "price_group"
    )
    if notice.assignments:
        rows = rows.filter(public_id__in=notice.assignments)
    return list(overlapping(rows, notice.takes_effect_at, None).order_by("pk"))


def _is_withdrawn(notice: PriceNotice) -> bool:
    return notice.version is not None and notice.version.state == VersionState.RETIRED


def _letters(notice: PriceNotice, accounts: set[int], now: datetime) -> list[NoticeDelivery]:
    found: list[NoticeDelivery] = []
    for account in BillingAccount.objects.filter(pk__in=accounts).order_by("pk"):
        common: dict[str, Any] = {
            "operator_id": notice.operator_id,
            "notice": notice,
            "account": account,
            "account_name": account.name,
            "language": account.language,
        }
        if not account.emails:
            state = {"state": DeliveryState.NO_ADDRESS}
            found.append(NoticeDelivery(public_id=public_id("ntd"), **common, **state))
        found += [
            NoticeDelivery(public_id=public_id("ntd"), address=one, next_try_at=now, **common)
            for one in account.emails
        ]
    return found


def send_due(now: datetime) -> int:
    """Send letters that wait, each in a transaction of its own; returns how many went out."""
    due = NoticeDelivery.objects.filter(state=DeliveryState.QUEUED, next_try_at__lte=now)
    keys = list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:MOST_LETTERS])
    texts: dict[tuple[int, str], Told] = {}
    sent = sum(_send_alone(key, texts) for key in keys)
    waits = NoticeDelivery.objects.filter(notice=OuterRef("pk"), state=DeliveryState.QUEUED)
    PriceNotice.objects.filter(~Exists(waits), state=NoticeState.SENDING).update(
        state=NoticeState.DONE, done_at=timezone.now()
    )
    return sent


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says in one language."""

    places: Sequence[str]
    more_places: int
    lines: Sequence[str]
    lines_before: Sequence[str]
    is_tax_included: bool

    def context(self) -> Mapping[str, Any]:
        """For the templates of the e-mail."""
        return {
            "places": self.places,
            "more_places": self.more_places,
            "lines": self.lines,
            "lines_before": self.lines_before,
            "is_tax_included": self.is_tax_included,
        }


def _send_alone(pk: int, texts: dict[tuple[int, str], Told]) -> bool:
    """One letter that cannot be written keeps no other waiting; it is tried again later."""
    try:
        return _send(pk, texts)
    except Exception:
        logger.exception("letter %s could not be written", pk)
        NoticeDelivery.objects.filter(pk=pk, state=DeliveryState.QUEUED).update(
            next_try_at=timezone.now() + UNWRITTEN_WAITS
        )
        return False


def _send(pk: int, texts: dict[tuple[int, str], Told]) -> bool:
    now = timezone.now()
    with transaction.atomic():
        rows = NoticeDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        row = (
            rows.select_related("notice__operator", "notice__tariff", "notice__version", "account")
            .filter(pk=pk, state=DeliveryState.QUEUED)
            .first()
        )
        if row is None:
            return False
        operator = row.notice.operator
        zone = ZoneInfo(operator.time_zone)
        with operator_scope(operator), override(row.language), timezone.override(zone):
            key = (row.notice_id, row.language)
            if key not in texts:
                texts[key] = told(row.notice, row.language)
            message = compose(
                "price_notice" if row.notice.takes_back_id is None else "price_taken_back",
                operator=operator,
                setup=setup_of(operator),
                to=row.address,
                context={"notice": row.notice, "account": row.account, **texts[key].context()},
            )
        # The same id when it is sent twice, so that a mail server may tell.
        row.message_id = f"<{row.public_id}@{mail_domain()}>"
        message.extra_headers["Message-ID"] = row.message_id
        row.error = why_not_sent(
            message,
            partial(send_letter, operator_id=operator.pk, kind=LETTER, ref=row.public_id),
        )
        _keep(row, message.from_email, str(message.subject), str(message.body), now)
    return bool(row.state == DeliveryState.SENT)


def _keep(row: NoticeDelivery, sender: str, subject: str, body: str, now: datetime) -> None:
    row.attempts += 1
    row.sender, row.subject, row.body = sender[:320], subject[:250], body
    if not row.error:
        row.state, row.sent_at, row.next_try_at = DeliveryState.SENT, now, None
    else:
        row.next_try_at = next_try_at(now, row.attempts)
        if row.next_try_at is None:
            row.state = DeliveryState.FAILED
        logger.warning("price notice %s was not sent: %s", row.public_id, row.error)
    row.save()


def told(notice: PriceNotice, language: str) -> Told:
    """What the notice says in the active ``language``, in the words of the driver's page."""
    operator: Operator = notice.operator
    rows = assignments_of(notice)
    places = list(dict.fromkeys(_place(row) for row in rows))
    stays = notice.version is None or notice.takes_back_id is not None
    version = _in_force(notice.tariff_id, notice.takes_effect_at) if stays else notice.version
    before = None if stays else _in_force(notice.tariff_id, timezone.now())

    def lines_of(one: TariffVersion | None) -> Sequence[str]:
        if one is None:
            return ()
        zone = str(operator.time_zone)
        return preview_of(parsed(one.document), language=language, time_zone=zone).lines

    return Told(
        places=places[:MOST_PLACES],
        more_places=max(0, len(places) - MOST_PLACES),
        lines=lines_of(version),
        lines_before=lines_of(before) if before and version and before.pk != version.pk else (),
        is_tax_included=notice.tariff.is_tax_included,
    )


def _place(row: TariffAssignment) -> str:
    if row.site is None and row.station is None and row.evse is None:
        return _("All our charging stations")
    return place_text(row)


def _in_force(tariff_id: int, at: datetime) -> TariffVersion | None:
    found: TariffVersion | None = (
        TariffVersion.objects.filter(
            tariff=tariff_id, state=VersionState.PUBLISHED, takes_effect_at__lte=at
        )
        .order_by("-takes_effect_at")
        .first()
    )
    return found
