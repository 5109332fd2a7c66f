"""Reading bank files and their transactions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from billing.payments.bank_models import BankFile, BankTransaction, Direction, TransactionState


def bank_files() -> QuerySet[BankFile]:
    """All files without their content, the latest first; ``waiting``: to be sorted out."""
    waits = Q(transactions__state=TransactionState.WORK_LIST)
    rows: QuerySet[BankFile] = BankFile.objects.defer("raw")
    return rows.annotate(waiting=Count("transactions", filter=waits)).order_by("-created_at", "-id")


def transactions() -> QuerySet[BankTransaction]:
    """All transactions with their files, the latest first."""
    rows: QuerySet[BankTransaction] = BankTransaction.objects.select_related("bank_file")
    return rows.defer("bank_file__raw").order_by("-booked_on", "-id")


def work_list() -> QuerySet[BankTransaction]:
    """What waits for a person, the oldest first."""
    return transactions().filter(state=TransactionState.WORK_LIST).order_by("booked_on", "id")


@dataclass(frozen=True, slots=True)
class FileSum:
    """What a file holds of one state and direction."""

    state: str
    direction_word: str
    currency: str
    count: int
    amount: Decimal


def sums_of(file: BankFile) -> list[FileSum]:
    """Counts and sums of the file's own transactions."""
    rows = (
        BankTransaction.objects.filter(bank_file=file)
        .order_by("state", "direction", "currency")
        .values("state", "direction", "currency")
        .annotate(count=Count("pk"), total=Sum("amount"))
    )
    directions = dict(Direction.choices)
    return [
        FileSum(
            one["state"], str(directions[one["direction"]]),
            one["currency"], one["count"], one["total"],
        )
        for one in rows
    ]  # fmt: skip


def signed(row: BankTransaction) -> Decimal:
    """The amount as the account saw it: below zero where money left it."""
    return row.amount if row.direction == Direction.CREDIT else -row.amount
