"""What people do about late invoices: pauses, promises, handing over; and sending letters."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.dunning.facts import claims_open, interest_open
from billing.dunning.letters_back import LETTER, MOST_ATTEMPTS
from billing.dunning.models import (
    CollectionFile,
    DunningPause,
    DunningStep,
    PauseKind,
    StepKind,
)
from billing.invoices.models import Invoice
from billing.payments.bringing import lock_payments
from billing.payments.models import Claim
from billing.payments.services import waive_claim
from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.letters.services import send_letter
from core.mail import make_mail

logger = logging.getLogger(__name__)
LETTERS: Final = (StepKind.REMINDER, StepKind.FEE_REMINDER, StepKind.DEMAND)
COLLECTION_COLUMNS: Final = (
    "Kundnr", "Namn", "Org.nr", "Adress", "Postnr", "Ort", "Land", "E-post", "Fakturanr", "OCR",
    "Fakturadatum", "Förfallodatum", "Valuta", "Fakturabelopp", "Betalt", "Kvar", "Avgift",
    "Ränta", "Att betala", "Påminnelse", "Inkassokrav", "Säljare", "Säljarens org.nr",
)  # fmt: skip


@transaction.atomic
def add_pause(
    *,
    account: BillingAccount,
    kind: PauseKind,
    from_on: date,
    until_on: date | None,
    reason: str,
    invoice: Invoice | None = None,
) -> DunningPause:
    """Let days not count, of one invoice or of the whole account; a reason is needed. A promise
    names the day of payment."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    if kind == PauseKind.PROMISE and until_on is None:
        raise InvalidInput(
            "promise_day", _("A promise names the day of payment."), field="until_on"
        )
    if until_on is not None and until_on < from_on:
        raise InvalidInput(
            "pause_days", _("The last day comes before the first."), field="until_on"
        )
    if invoice is not None and invoice.account_id != account.pk:
        raise RuleViolation("other_account", _("The invoice is another customer's."))
    pause: DunningPause = DunningPause.objects.create(
        operator_id=account.operator_id,
        account=account,
        invoice=invoice,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        reason=reason,
        user_label=current_actor.get().label[:200],
    )
    record(
        "dunning.pause", invoice or account, operator_id=account.operator_id,
        after={"kind": kind, "from_on": from_on, "until_on": until_on}, reason=reason,
    )  # fmt: skip
    return pause


@transaction.atomic
def end_pause(*, pause: DunningPause, until_on: date, reason: str = "") -> DunningPause:
    """Let the clock go on after a day; refuses a day before the pause began, and one that would
    make it longer."""
    pause = DunningPause.objects.select_for_update(of=("self",)).get(pk=pause.pk)
    if pause.until_on is not None and pause.until_on <= until_on:
        raise RuleViolation("pause_over", _("The pause ends before that anyway."))
    if until_on < pause.from_on:
        raise InvalidInput(
            "pause_days", _("The last day comes before the first."), field="until_on"
        )
    before = pause.until_on
    pause.until_on = until_on
    pause.save(update_fields=["until_on"])
    record(
        "dunning.pause_end", pause.invoice or pause.account, operator_id=pause.operator_id,
        before={"until_on": before}, after={"until_on": until_on}, reason=reason,
    )  # fmt: skip
    return pause


@transaction.atomic
def waive_claims(*, invoice: Invoice, reason: str) -> list[Claim]:
    """Let go what is open of all fees and interest of an invoice, whole or not at all; a reason
    is needed. Refuses when nothing is."""
    lock_payments(invoice.operator_id)
    rows = [one for one in Claim.objects.filter(invoice=invoice) if one.open_amount > 0]
    if not rows:
        raise RuleViolation("nothing_open", _("Nothing is open of it."))
    return [waive_claim(claim=one, reason=reason) for one in rows]


def steps_to_hand_over() -> QuerySet[DunningStep]:
    """Steps that hand an invoice over and stand in no file yet."""
    rows = DunningStep.objects.filter(
        step=StepKind.HAND_OVER, collection_file=None, invoice__open_amount__gt=0
    )
    found: QuerySet[DunningStep] = rows.select_related("invoice__seller", "account")
    return found.prefetch_related("invoice__claims").order_by("pk")


@transaction.atomic
def make_collection_file(*, operator: Operator, now: datetime) -> CollectionFile:
    """One file for the collection agency of what is handed over; each invoice once. Refuses when
    there is nothing."""
    steps = list(steps_to_hand_over().filter(operator=operator).select_for_update(of=("self",)))
    if not steps:
        raise RuleViolation("nothing_to_hand_over", _("Nothing waits for being handed over."))
    content = collection_csv(steps)
    file: CollectionFile = CollectionFile.objects.create(
        operator=operator,
        public_id=public_id("col"),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        invoice_count=len(steps),
        user_label=current_actor.get().label[:200],
        created_at=now,
    )
    DunningStep.objects.filter(pk__in=[one.pk for one in steps]).update(collection_file=file)
    record("collection_file.make", file, operator_id=operator.pk, after={"invoices": len(steps)})
    return file


def collection_csv(steps: Sequence[Any]) -> bytes:
    """Semicolons, UTF-8 with a mark, decimal commas; columns as docs/dunning.md has them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLLECTION_COLUMNS)
    days = _letter_days([one.invoice_id for one in steps])
    for step in steps:
        writer.writerow([_cell(value) for value in _collection_row(step, days)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _letter_days(invoices: Sequence[int]) -> dict[tuple[int, str], date]:
    rows = DunningStep.objects.filter(invoice_id__in=invoices)
    return {(one.invoice_id, one.step): one.done_on for one in rows}


def _collection_row(step: Any, days: dict[tuple[int, str], date]) -> list[object]:
    invoice, account, seller = step.invoice, step.account, step.invoice.seller
    beside, interest = claims_open(invoice), interest_open(invoice)
    reminded = days.get((invoice.pk, "fee_reminder")) or days.get((invoice.pk, "reminder"))
    return [
        account.public_id, account.name, account.organisation_number, account.address,
        account.postal_code, account.city, account.country_code, " ".join(account.emails),
        invoice.number, invoice.ocr, invoice.issued_on, invoice.due_on, invoice.currency,
        invoice.payable, invoice.paid_amount + invoice.credited_amount, invoice.open_amount,
        beside - interest, interest,
        invoice.open_amount + beside, reminded, days.get((invoice.pk, "demand")), seller.name,
        seller.organisation_number,
    ]  # fmt: skip


def _cell(value: object) -> str:
    if value is None:
        return ""
    if hasattr(value, "quantize"):
        return f"{value:.2f}".replace(".", ",")
    text = str(value)
    # What a spreadsheet would run as a formula.
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def send_letters(*, now: datetime, limit: int = 200) -> int:
    """Send letters that wait to the account's invoice addresses; returns how many went. One that
    fails is tried again, five times in all; accounts without an address have theirs printed.
    What is paid in the meantime is not asked for any more."""
    waiting = (
        DunningStep.objects.filter(sent_at=None, step__in=LETTERS, attempts__lt=MOST_ATTEMPTS)
        .filter(invoice__open_amount__gt=0)
        .exclude(account__emails=[])
        .order_by("created_at", "pk")
    )
    return sum(_send(pk, now) for pk in list(waiting.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _send(pk: int, now: datetime) -> int:
    step = (
        DunningStep.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, sent_at=None)
        .select_related("account")
        .first()
    )
    if step is None:
        return 0
    DunningStep.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    left = [one for one in step.account.emails if one not in step.sent_to]
    sent, error = list(step.sent_to), ""
    for address in left:
        try:
            mail = make_mail(
                "dunning", to=address, language=step.language,
                context={"subject": step.subject, "letter": step.letter},
            )  # fmt: skip
            send_letter(mail, operator_id=step.operator_id, kind=LETTER, ref=step.public_id)
        except OSError as failure:
            error = str(failure)[:500]
            logger.warning("Letter %s to %s failed", step.public_id, address)
        else:
            sent.append(address)
    done = not error
    DunningStep.objects.filter(pk=pk).update(
        sent_to=sent, error=error, sent_at=now if done else None
    )
    return int(done)


@transaction.atomic
def note_printed(*, step: DunningStep, now: datetime) -> DunningStep:
    """Say that a letter was printed and posted."""
    changed = DunningStep.objects.filter(pk=step.pk, sent_at=None, step__in=LETTERS).update(
        sent_at=now
    )
    if not changed:
        raise RuleViolation("sent_already", _("The letter has gone already, or there is none."))
    step.refresh_from_db()
    record("dunning.printed", step.invoice, operator_id=step.operator_id,
           after={"step": step.step})  # fmt: skip
    return step
