"""Which invoice a payment is for: by reference, then by amount and name (pure).

Proposals only: nothing is guessed across disputed invoices, and what is not certain waits for a
person. Payments of a file are matched in their order, each seeing what those before it settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from billing.invoices.ocr import is_ocr
from billing.payments.bank.model import Transaction
from billing.payments.matching_facts import (
    Allocation,
    Book,
    Certainty,
    Earlier,
    OpenItem,
    Outcome,
    Proposal,
    Reason,
)

ZERO: Final = Decimal(0)
_WORD: Final = re.compile(r"\w+")
_LEGAL: Final = frozenset({"ab", "aktiebolag", "as", "aps", "oy", "hb", "kb", "publ", "ek", "for"})


def match(transactions: Iterable[Transaction], book: Book) -> tuple[Proposal, ...]:
    """A proposal for each transaction, in their order."""
    ledger = _Ledger(book)
    return tuple(ledger.propose(one) for one in transactions)


def name_words(name: str) -> frozenset[str]:
    """The words of a name without its legal form, in any order and case."""
    return frozenset(_WORD.findall(name.casefold())) - _LEGAL


class _Ledger:
    def __init__(self, book: Book) -> None:
        self.items = {item.id: item for item in book.items}
        self.fixed = {one.ocr: one.account_id for one in book.fixed}
        self.earlier = {one.key: one for one in book.earlier}

    def propose(self, one: Transaction) -> Proposal:
        if one.key in self.earlier:
            return _proposal(one, "known", "certain", "booked_before", needs_person=False)
        if one.amount == 0 or one.direction == "debit":
            code = "zero" if one.amount == 0 else "money_out"
            return _proposal(one, "nothing", "certain", code, needs_person=False)
        found = self._reversal(one) if one.is_reversal else self._credit(one)
        self._remember(one, found)
        return found

    def _remember(self, one: Transaction, found: Proposal) -> None:
        for part in found.allocations:
            item = self.items[part.item_id]
            self.items[item.id] = replace(item, open_amount=item.open_amount - part.amount)
        self.earlier[one.key] = Earlier(
            key=one.key, account=one.account, amount=one.amount, currency=one.currency,
            booked_on=one.booked_on, references=one.references, payer_name=one.payer_name,
            is_taken_back=one.is_reversal,
        )  # fmt: skip
        if found.takes_back:
            before = self.earlier[found.takes_back]
            self.earlier[before.key] = replace(before, is_taken_back=True)

    def _reversal(self, one: Transaction) -> Proposal:
        alike = [
            before
            for before in self.earlier.values()
            if not before.is_taken_back
            and (before.account, before.amount, before.currency)
            == (one.account, one.amount, one.currency)
            and before.booked_on <= one.booked_on
            and (not one.references or before.references == one.references)
        ]
        if len(alike) == 1:
            certainty: Certainty = "certain" if one.references else "likely"
            return replace(
                _proposal(one, "reversed", certainty, "same_amount_and_reference"),
                takes_back=alike[0].key,
                needs_person=certainty != "certain",
            )
        code = "no_such_payment" if not alike else "several_such_payments"
        return _proposal(one, "reversed", "none", code)

    def _credit(self, one: Transaction) -> Proposal:
        wrong = []
        for references, certain in ((_references(one), True), (_in_text(one), False)):
            named = self._named(references)
            if named:
                return self._by_items(one, named, certain=certain)
            accounts = {self.fixed[ref] for ref in references if ref in self.fixed}
            if len(accounts) == 1:
                return self._by_customer(one, accounts.pop(), certain=certain)
            wrong += [ref for ref in references if certain]
        notes = tuple(
            Reason("reference_not_found" if is_ocr(ref) else "reference_wrong", ref)
            for ref in wrong
        )
        return self._by_amount(one, notes)

    def _named(self, references: tuple[str, ...]) -> list[OpenItem]:
        wanted = set(references)
        return [
            item
            for item in self.items.values()
            if (item.ocr and item.ocr in wanted) or item.number.casefold() in wanted
        ]

    def _by_items(self, one: Transaction, named: list[OpenItem], *, certain: bool) -> Proposal:
        reasons = [Reason("reference" if certain else "reference_in_text", i.number) for i in named]
        reasons += [Reason("disputed", item.number) for item in named if item.is_disputed]
        accounts = {item.account_id for item in named}
        if len(accounts) > 1 or any(item.currency != one.currency for item in named):
            code = "several_customers" if len(accounts) > 1 else "other_currency"
            return replace(
                _proposal(one, "several" if len(accounts) > 1 else "unknown", "none", code),
                reasons=(*reasons, Reason(code)),
            )
        total = sum((item.open_amount for item in named), ZERO)
        if len(named) > 1 and one.amount != total:
            return replace(
                _proposal(one, "several", "possible", "not_their_sum"),
                account_id=named[0].account_id,
                reasons=(*reasons, Reason("not_their_sum", str(total))),
            )
        return self._settle(one, named, reasons, certain=certain)

    def _settle(
        self, one: Transaction, items: list[OpenItem], reasons: list[Reason], *, certain: bool
    ) -> Proposal:
        """Settle the items in order; a rest is the customer's credit."""
        rest, parts = one.amount, []
        for item in items:
            part = min(rest, max(item.open_amount, ZERO))
            if part > 0:
                parts.append(Allocation(item.id, part))
                rest -= part
        outcome = _outcome(items, parts, rest)
        is_disputed = any(item.is_disputed for item in items)
        return Proposal(
            key=one.key,
            outcome=outcome,
            certainty="certain" if certain else "likely",
            account_id=items[0].account_id,
            allocations=tuple(parts),
            rest=rest,
            reasons=tuple(reasons),
            needs_person=not certain or is_disputed or outcome == "duplicate",
        )

    def _by_customer(self, one: Transaction, account_id: str, *, certain: bool) -> Proposal:
        """A fixed reference: the oldest first, and never past a disputed one."""
        mine = sorted(
            (
                item
                for item in self.items.values()
                if item.account_id == account_id
                and item.currency == one.currency
                and item.open_amount > 0
            ),
            key=lambda item: (item.due_on, item.issued_on, item.number),
        )
        free = []
        for item in mine:
            if item.is_disputed:
                break
            free.append(item)
        reasons = [Reason("fixed_reference", account_id)]
        found = self._settle(one, free, reasons, certain=certain) if free else None
        rest = found.rest if found else one.amount
        if rest > 0 and len(free) < len(mine):
            reasons.append(Reason("disputed_in_the_way", mine[len(free)].number))
            return replace(
                found or _proposal(one, "unknown", "certain", ""),
                outcome="partial" if found else "unknown",
                account_id=account_id, rest=rest, reasons=tuple(reasons), needs_person=True,
            )  # fmt: skip
        if found is None:
            return replace(
                _proposal(one, "over", "certain", "nothing_open", needs_person=False),
                account_id=account_id, rest=rest, reasons=(*reasons, Reason("nothing_open")),
            )  # fmt: skip
        used = {part.item_id for part in found.allocations}
        settled = [item for item in free if item.id in used]
        return replace(found, outcome=_outcome(settled, list(found.allocations), rest))

    def _by_amount(self, one: Transaction, notes: tuple[Reason, ...]) -> Proposal:
        payer = name_words(one.payer_name)
        open_items = [
            item
            for item in self.items.values()
            if item.open_amount > 0 and not item.is_disputed and item.currency == one.currency
        ]
        same = [item for item in open_items if item.open_amount == one.amount]
        named = [item for item in same if _is_payer(item, payer)]
        if len(named) == 1:
            return self._suggest(one, named[0], "likely", (*notes, Reason("amount_and_name")))
        if len(same) == 1:
            return self._suggest(one, same[0], "possible", (*notes, Reason("amount")))
        accounts = {item.account_id for item in open_items if _is_payer(item, payer)}
        known = accounts.pop() if len(accounts) == 1 else ""
        code = "name" if known else ("several_of_amount" if same else "nothing_found")
        return replace(
            _proposal(one, "unknown", "possible" if known else "none", code),
            account_id=known,
            reasons=(*notes, Reason(code, one.payer_name if known else "")),
        )

    def _suggest(
        self, one: Transaction, item: OpenItem, certainty: Certainty, reasons: tuple[Reason, ...]
    ) -> Proposal:
        found = self._settle(one, [item], list(reasons), certain=False)
        return replace(found, certainty=certainty)


def _proposal(
    one: Transaction,
    outcome: Outcome,
    certainty: Certainty,
    code: str,
    *,
    needs_person: bool = True,
) -> Proposal:
    rest = ZERO if outcome in {"known", "nothing", "reversed"} else one.amount
    return Proposal(
        key=one.key, outcome=outcome, certainty=certainty, rest=rest,
        reasons=(Reason(code),), needs_person=needs_person,
    )  # fmt: skip


def _outcome(items: list[OpenItem], parts: list[Allocation], rest: Decimal) -> Outcome:
    if not parts:
        return "duplicate"
    if rest > 0:
        return "over"
    settled = sum((part.amount for part in parts), ZERO)
    return "full" if settled == sum((item.open_amount for item in items), ZERO) else "partial"


def _is_payer(item: OpenItem, payer: frozenset[str]) -> bool:
    return bool(payer) and any(payer == name_words(name) for name in item.payer_names)


def _references(one: Transaction) -> tuple[str, ...]:
    """References as given, and their words and digits: payers write several in one field."""
    found: dict[str, None] = {}
    for text in one.references:
        for word in (text, *text.split(), re.sub(r"[\s-]", "", text)):
            found.setdefault(word.casefold())
            if word.isascii() and word.isdigit():
                found.setdefault(word.lstrip("0"))
    return tuple(word for word in found if word)


def _in_text(one: Transaction) -> tuple[str, ...]:
    words = re.split(r"[\s,;:()]+", one.text.casefold())
    # Short numbers in a sentence are years, streets and amounts.
    return tuple(dict.fromkeys(word.strip(".#") for word in words if len(word) >= 5))
