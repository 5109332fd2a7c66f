"""Reading terms and statements of hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from billing.accounts.dated import LATEST_FIRST
from billing.settlement.models import Statement, StatementItem, StatementLine
from billing.settlement.payout_models import HostSetOff
from billing.settlement.term_models import HostTerms
from billing.settlement.words import told


def statements() -> QuerySet[Statement]:
    """All statements of the operator in scope, the latest period first."""
    rows: QuerySet[Statement] = Statement.objects.select_related(
        "site", "host", "seller", "invoice", "payout__batch", "carried_by", "operator"
    ).order_by("-period_until_on", "-id")
    return rows


def host_terms() -> QuerySet[HostTerms]:
    """All terms of hosts, by site, the latest first."""
    rows: QuerySet[HostTerms] = (
        HostTerms.objects.select_related("site", "host", "station", "fee_account")
        .prefetch_related("lines")
        .order_by("site__name", "host__name", "station__name", LATEST_FIRST, "-id")
    )
    return rows


def items() -> QuerySet[StatementItem]:
    """What statements counted, with session and station."""
    rows: QuerySet[StatementItem] = StatementItem.objects.select_related(
        "statement", "session", "rated_session", "station", "statement__site", "credit_note"
    ).order_by("-statement__period_until_on", "-statement_id", "counted_on", "id")
    return rows


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with how its amount comes about."""

    line: StatementLine
    told: str

    @property
    def sets_off(self) -> bool:
        """Whether it is a fee that may be set off against what the host is paid."""
        term = self.line.term
        return self.line.direction == "to_operator" and bool(term and term.terms.sets_off_fees)


def shown_lines(statement: Statement) -> dict[str, list[ShownLine]]:
    """The lines by who pays, in order."""
    rows = statement.lines.select_related("station", "carries", "manual_item", "term__terms")
    found: dict[str, list[ShownLine]] = {"to_host": [], "to_operator": []}
    for line in rows.order_by("position"):
        found[line.direction].append(ShownLine(line, told(line, statement.currency)))
    return found


def host_language(statement: Statement) -> str:
    """That of the host's own account where the terms name one, else the operator's."""
    own = (
        HostTerms.objects.filter(
            site_id=statement.site_id, host_id=statement.host_id, fee_account__isnull=False
        )
        .order_by("-valid_from_on", "-pk")
        .values_list("fee_account__language", flat=True)
        .first()
    )
    return in_language(own or statement.operator.language)


def in_language(wanted: str) -> str:
    """One of the languages in which statements are written."""
    return "sv" if wanted.startswith("sv") else "en"


def set_offs(statement: Statement) -> list[HostSetOff]:
    """What the payment of a statement, and of others with it, set off."""
    if statement.payout_id is None:
        return []
    rows = HostSetOff.objects.filter(payout_id=statement.payout_id)
    return list(rows.select_related("invoice", "payment").order_by("pk"))


def before(statement: Statement) -> Any:
    """The statement of the same host and site that came before."""
    return (
        statements()
        .filter(
            site_id=statement.site_id,
            host_id=statement.host_id,
            period_until_on__lt=statement.period_from_on,
        )
        .first()
    )
