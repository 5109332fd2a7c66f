"""Taking over a bank's file: whole or not at all, once, and each transaction once."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from billing.payments.bank import model
from billing.payments.bank.model import BankFileError
from billing.payments.bank.reading import read_bank_file
from billing.payments.bank_models import BankFile, BankTransaction
from billing.payments.file_words import refused
from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id

PAYMENTS_LOCK: Final = 7_305
_BATCH: Final = 1_000


def lock_payments(operator_id: int) -> None:
    """Let one at a time book payments of an operator, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PAYMENTS_LOCK, operator_id])


@transaction.atomic
def bring_file(*, operator: Operator, name: str, raw: bytes) -> BankFile:
    """Read the file and store it with its transactions, as new.

    Refuses a broken file whole (the place is named), a file of tests, and a file that was brought
    before. Transactions that another file had are left out and counted.
    """
    try:
        found = read_bank_file(raw)
    except BankFileError as error:
        raise InvalidInput(f"bank_file_{error.code}", refused(error), field="file") from error
    if found.is_test:
        raise InvalidInput("bank_file_test", _("The file says that it is a test."), field="file")
    lock_payments(operator.pk)
    _refuse_known(operator, found)
    keys = [one.key for one in found.transactions]
    known = set(
        BankTransaction.objects.filter(operator=operator, key__in=keys).values_list(
            "key", flat=True
        )
    )
    file: BankFile = BankFile.objects.create(
        operator=operator,
        public_id=public_id("bf"),
        format=found.format,
        file_name=_plain_name(name),
        file_id=found.file_id[:140],
        key=found.key[:500],
        sha256=found.sha256,
        raw=raw,
        size_bytes=len(raw),
        accounts=list(found.accounts),
        transaction_count=len(found.transactions),
        known_count=len(known),
        user_label=current_actor.get().label[:200],
    )
    rows = [
        _row(file, position, one)
        for position, one in enumerate(found.transactions, start=1)
        if one.key not in known
    ]
    BankTransaction.objects.bulk_create(rows, batch_size=_BATCH)
    record(
        "bank_file.bring",
        file,
        operator_id=operator.pk,
        after={
            "format": file.format,
            "sha256": file.sha256,
            "transactions": file.transaction_count,
            "known": file.known_count,
        },
    )
    return file


def _refuse_known(operator: Operator, found: model.BankFile) -> None:
    before = (
        BankFile.objects.filter(operator=operator, sha256=found.sha256).first()
        or BankFile.objects.filter(operator=operator, key=found.key[:500]).first()
    )
    if before is not None:
        raise RuleViolation(
            "bank_file_known",
            _("This file was brought before, as %(name)s on %(day)s. Nothing was booked again.")
            % {"name": before.file_name, "day": f"{before.created_at:%Y-%m-%d}"},
            field="file",
        )


def _row(file: BankFile, position: int, one: model.Transaction) -> BankTransaction:
    return BankTransaction(
        operator_id=file.operator_id,
        public_id=public_id("bt"),
        bank_file=file,
        position=position,
        key=one.key[:300],
        bank_account=one.account[:42],
        bank_id=one.bank_id[:140],
        direction=one.direction,
        amount=one.amount,
        currency=one.currency,
        booked_on=one.booked_on,
        references=[_clean(text)[:200] for text in one.references[:50]],
        text=_clean(one.text),
        payer_name=_clean(one.payer_name)[:200],
        payer_account=one.payer_account[:42],
        payer_number=_clean(one.payer_number)[:42],
        end_to_end_id=_clean(one.end_to_end_id)[:140],
        at=one.at[:120],
    )


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _plain_name(name: str) -> str:
    """The last part of a path, harmless in a header."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(s for s in last if s.isprintable() and s not in '"\x7f')[-150:] or "bankfil"


def transaction_of(row: BankTransaction) -> model.Transaction:
    """The row as the pure rules take it."""
    return model.Transaction(
        key=row.key,
        account=row.bank_account,
        bank_id=row.bank_id,
        direction=row.direction,  # type: ignore[arg-type]  # one of its choices
        amount=row.amount,
        currency=row.currency,
        booked_on=row.booked_on,
        references=tuple(row.references),
        text=row.text,
        payer_name=row.payer_name,
        payer_account=row.payer_account,
        payer_number=row.payer_number,
        end_to_end_id=row.end_to_end_id,
        at=row.at,
    )
