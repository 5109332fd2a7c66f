"""Making drafts of statements for periods that are over, and making them anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from billing.accounts.dated import operator_day
from billing.sellers.models import ContractForm, Seller, SiteContract
from billing.sellers.selectors import default_seller
from billing.settlement import facts as counting
from billing.settlement import statement_rule as rule
from billing.settlement.credits import uncounted_credits
from billing.settlement.facts import Counted, CountedCost
from billing.settlement.models import Route, Statement, StatementLine, StatementState
from billing.settlement.periods import Held, Span, due_spans
from billing.settlement.term_models import HostTerm, HostTerms, Rhythm, TermKind
from core.ids import public_id
from core.sentences import Sentence
from stations.sites.models import Site

NO_COST: Final = gettext_noop(
    "No cost of energy is entered for these months; it comes later, once it is."
)
NO_SESSION: Final = gettext_noop("No session is counted.")
CREDITED: Final = gettext_noop("Credit notes took revenue back: %(notes)s.")
MOST_NUMBERS: Final = 6
HELD: Final = gettext_noop("%(count)s sessions are held or wait for a price; they come later.")


def places_with_terms() -> list[tuple[int, int]]:
    """Pairs of site and host that have terms, in order."""
    rows = HostTerms.objects.order_by("site_id", "host_id").values_list("site_id", "host_id")
    return list(rows.distinct())


@dataclass(frozen=True, slots=True)
class Found:
    """What a statement counts."""

    sessions: Sequence[Counted]
    costs: Sequence[CountedCost]


@dataclass(frozen=True, slots=True)
class Place:
    """A host at a site, with its contracts and terms whenever they hold."""

    site: Site
    host: Seller
    contracts: tuple[SiteContract, ...]
    terms: tuple[HostTerms, ...]

    def rhythm(self, day: date) -> Literal["month", "quarter"]:
        """How long the period is that holds the day."""
        for one in self.terms:
            if one.station_id is None and one.holds_on(day):
                return "quarter" if one.rhythm == Rhythm.QUARTER else "month"
        return "month"


@transaction.atomic
def prepare(site_id: int, host_id: int, *, now: datetime | None = None) -> list[Statement]:
    """Drafts of one host at one site for every period that is over; returns them in order.

    What is there is made anew where facts or terms changed; drafts of periods that are none any
    more go. Waits for whoever prepares the same, so that each fact is counted once.
    """
    now = now or timezone.now()
    place = _locked(site_id, host_id)
    drafts = {one.period_from_on: one for one in _drafts(place)}
    made: list[Statement] = []
    for span in _spans(place, operator_day(place.site.operator, now)):
        draft = drafts.pop(span.from_on, None)
        one = _prepare_one(place, span, draft, takes_carried=not made, now=now)
        if one is not None:
            made.append(one)
        elif draft is not None:
            draft.delete()
    for gone in drafts.values():
        gone.delete()
    return made


def _locked(site_id: int, host_id: int) -> Place:
    site: Site = (
        Site.objects.select_for_update(of=("self",), no_key=True)
        .select_related("operator")
        .get(pk=site_id)
    )
    host: Seller = Seller.objects.get(pk=host_id)
    terms = HostTerms.objects.filter(site=site, host=host).select_related("fee_account")
    contracts = SiteContract.objects.filter(site=site, host=host).select_related("seller")
    return Place(site, host, tuple(contracts), tuple(terms.prefetch_related("lines")))


def _drafts(place: Place) -> QuerySet[Statement]:
    rows: QuerySet[Statement] = Statement.objects.select_for_update(of=("self",)).filter(
        site=place.site, host=place.host, state=StatementState.DRAFT
    )
    return rows


def settled_until(site_id: int, host_id: int) -> date | None:
    """The last day of the issued statements of a host at a site."""
    return (
        Statement.objects.filter(site_id=site_id, host_id=host_id, state=StatementState.ISSUED)
        .order_by("-period_until_on")
        .values_list("period_until_on", flat=True)
        .first()
    )


def _spans(place: Place, today: date) -> list[Span]:
    """The periods that are over; and, where the last contract ended, the time since, for what
    comes late."""
    contracts = place.contracts
    if not place.terms or not contracts:
        return []
    first = min(one.valid_from_on for one in place.terms if one.valid_from_on)
    held = [Held(one.pk, one.valid_from_on, one.valid_until_on) for one in contracts]
    settled = settled_until(place.site.pk, place.host.pk)
    spans = list(
        due_spans(held, place.rhythm, begins_on=first, settled_until_on=settled, today=today)
    )
    last_month = today.replace(day=1) - timedelta(days=1)
    is_over = settled is not None and all(
        one.valid_until_on and one.valid_until_on <= settled for one in contracts
    )
    if settled is not None and is_over and not spans and settled < last_month:
        latest = max(contracts, key=lambda one: one.valid_until_on or date.max)
        spans.append(Span(latest.pk, settled + timedelta(days=1), last_month))
    return spans


def _prepare_one(
    place: Place, span: Span, draft: Statement | None, *, takes_carried: bool, now: datetime
) -> Statement | None:
    """One draft, made or made anew; None where there is nothing of a period without contract,
    or nobody who pays."""
    contract = next(one for one in place.contracts if one.pk == span.contract_id)
    seller = _payer(contract)
    if seller is None:
        return None
    statement = draft or Statement(
        operator_id=place.site.operator_id,
        public_id=public_id("stm"),
        site=place.site,
        host=place.host,
    )
    statement.seller, statement.form = seller, contract.form
    statement.currency = place.terms[0].currency
    statement.host_is_vat_registered = contract.host_is_vat_registered
    statement.self_billing_agreed_on = contract.self_billing_agreed_on
    statement.minimum_payout_amount = contract.minimum_payout_amount
    statement.period_from_on, statement.period_until_on = span.from_on, span.until_on
    terms = clipped(place.terms, place.contracts)
    counted = counting.uncounted(statement, terms)
    counted += uncounted_credits(statement, terms, counted)
    costs = counting.uncounted_costs(statement, terms)
    outcome = rule.settle_period(
        rule.Facts(
            currency=statement.currency,
            from_on=span.from_on,
            until_on=span.until_on,
            terms=tuple(terms),
            usages=[one.usage for one in counted],
            costs=[one.cost for one in costs],
            carried=carried_into(statement) if takes_carried else (),
        )
    )
    if not outcome.lines:
        return None
    return _store(statement, outcome, Found(counted, costs), place, now)


def _payer(contract: SiteContract) -> Seller | None:
    """The operator's own seller that pays and gets paid."""
    if contract.form == ContractForm.OPERATOR_SELLS:
        return contract.seller
    return default_seller()


def clipped(own: Iterable[HostTerms], contracts: Iterable[SiteContract]) -> list[rule.Terms]:
    """The terms on the days on which a contract names the host."""
    found = []
    for row in own:
        for contract in contracts:
            first = max(row.valid_from_on or date.min, contract.valid_from_on or date.min)
            last = min(row.valid_until_on or date.max, contract.valid_until_on or date.max)
            if first <= last:
                found.append(
                    rule.Terms(
                        from_on=first,
                        until_on=None if last == date.max else last,
                        station_id=row.station_id,
                        terms=tuple(_term(line) for line in row.lines.all()),
                    )
                )
    return found


def _term(line: HostTerm) -> rule.Term:
    return rule.Term(
        id=line.pk,
        kind=cast("rule.Kind", line.kind),
        direction=cast("rule.Direction", line.direction),
        rate=line.rate,
        tax_percent=line.tax_percent,
    )


def carried_into(statement: Statement) -> list[rule.Carried]:
    """Sums below zero of issued statements that no other has taken over, by rate of VAT."""
    rows = StatementLine.objects.filter(
        statement__site_id=statement.site_id,
        statement__host_id=statement.host_id,
        statement__currency=statement.currency,
        statement__state=StatementState.ISSUED,
        statement__route=Route.CARRIED,
        statement__carried_by=None,
        direction="to_host",
    ).order_by("statement_id", "tax_percent")
    sums: dict[tuple[int, Decimal], Decimal] = {}
    for row in rows:
        key = (row.statement_id, row.tax_percent)
        sums[key] = sums.get(key, Decimal(0)) + row.amount
    return [rule.Carried(key, amount, percent) for (key, percent), amount in sums.items() if amount]


def _store(
    statement: Statement,
    outcome: rule.Outcome,
    found: Found,
    place: Place,
    now: datetime,
) -> Statement:
    """Write the draft with lines and items where they differ from what is stored."""
    counted = found.sessions
    statement.energy_wh = sum((one.usage.energy_wh for one in counted), Decimal(0))
    statement.session_count = sum(one.usage.sessions for one in counted)
    statement.revenue_net = sum((one.usage.net for one in counted), Decimal(0))
    statement.credited_net = -sum((one.usage.net for one in _credits(counted)), Decimal(0))
    statement.net = statement.gross = outcome.to_host
    statement.tax, statement.fee_net = Decimal(0), outcome.to_operator
    statement.route = route_of(statement)
    statement.findings = [one.as_json() for one in _findings(statement, found, place)]
    digest = _digest(statement, outcome, found)
    if statement.pk and statement.digest == digest:
        return statement
    statement.digest, statement.prepared_at = digest, now
    statement.save()
    statement.lines.all().delete()
    statement.items.all().delete()
    by_term = {line.pk: (own, line) for own in place.terms for line in own.lines.all()}
    StatementLine.objects.bulk_create(
        _row(statement, number, line, by_term) for number, line in enumerate(outcome.lines, 1)
    )
    statement.items.bulk_create(counting.items_of(statement, counted, found.costs))
    return statement


def _row(
    statement: Statement,
    position: int,
    line: rule.Line,
    by_term: dict[int, tuple[HostTerms, HostTerm]],
) -> StatementLine:
    own, term = by_term.get(line.term_id or 0, (None, None))
    return StatementLine(
        operator_id=statement.operator_id,
        statement=statement,
        position=position,
        kind=line.kind,
        direction=line.direction,
        is_late=line.is_late,
        term=term,
        carries_id=line.carries_id,
        station_id=line.station_id,
        text=term.text if term else "",
        from_on=line.from_on,
        until_on=line.until_on,
        quantity=line.quantity,
        unit=line.unit,
        rate=line.rate,
        amount=line.amount,
        tax_percent=line.tax_percent,
        fee_account=own.fee_account if own and line.direction == "to_operator" else None,
    )


def route_of(statement: Statement) -> Route:
    """By which document the host gets its money, from its VAT status and agreements."""
    if statement.net < 0:
        return Route.CARRIED
    if statement.net == 0:
        return Route.NOTHING
    if not statement.host_is_vat_registered:
        return Route.STATEMENT
    agreed = statement.self_billing_agreed_on
    return Route.SELF_BILLING if agreed is not None else Route.HOST_INVOICE


def _credits(counted: Iterable[Counted]) -> list[Counted]:
    """Those that credit notes took back."""
    return [one for one in counted if one.credit_note_id is not None]


def _some(numbers: Sequence[str]) -> str:
    """The first numbers; dots where there are more."""
    shown = ", ".join(numbers[:MOST_NUMBERS])
    return f"{shown} …" if len(numbers) > MOST_NUMBERS else shown


def _findings(statement: Statement, found: Found, place: Place) -> list[Sentence]:
    """What whoever issues it should know."""
    said = []
    if not found.sessions:
        said.append(Sentence(NO_SESSION))
    held = counting.undecided(statement)
    if held:
        said.append(Sentence(HELD, {"count": str(held)}))
    notes = sorted({one.credit_note for one in _credits(found.sessions)})
    if notes:
        said.append(Sentence(CREDITED, {"notes": _some(notes)}))
    kinds = {line.kind for own in place.terms for line in own.lines.all()}
    if TermKind.ENERGY_COST in kinds and not any(not one.cost.is_late for one in found.costs):
        said.append(Sentence(NO_COST))
    return said


def _digest(statement: Statement, outcome: rule.Outcome, found: Found) -> str:
    """The same for a draft that says the same."""
    said = [
        *(str(getattr(statement, name)) for name in (
            "seller_id", "form", "host_is_vat_registered", "self_billing_agreed_on",
            "minimum_payout_amount", "period_until_on", "currency", "route", "findings",
        )),
        *(repr(line) for line in outcome.lines),
        *(repr(one) for one in (*found.sessions, *found.costs)),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
