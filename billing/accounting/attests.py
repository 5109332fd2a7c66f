"""Who let money go, why, and who else has approved it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from billing.accounting.attest_models import EntryAttest
from billing.accounting.entries import EntryKind
from billing.accounting.models import JournalEntry
from billing.invoices.models import Invoice
from core.accounts.models import ApiToken
from core.audit.models import ActorKind, AuditEntry
from core.audit.services import current_actor, record
from core.errors import RuleViolation

LOST_KINDS: Final = (EntryKind.CREDIT_NOTE.value, EntryKind.WRITE_OFF.value)
LOST: Final = Q(kind__in=LOST_KINDS) | Q(source_kind__startswith="claim_waived")
"""Entries by which money is let go: credit notes, losses, waivers."""
Key = tuple[str, int]
Actor = tuple[str, int | None]
"""Kind and key of whoever did something."""


@dataclass(frozen=True, slots=True)
class Told:
    """Why something was let go, and by whom."""

    reason: str = ""
    who: str = ""
    actor: Actor = ("", None)


def is_lost(entry: JournalEntry) -> bool:
    """Whether an entry lets money go."""
    return entry.kind in LOST_KINDS or entry.source_kind.startswith("claim_waived")


def object_of(entry: JournalEntry) -> Key:
    """Type and key of what an entry books."""
    is_claim = entry.source_kind.startswith("claim")
    return ("billing.claim" if is_claim else "billing.invoice", entry.source_id)


def told(entries: Iterable[JournalEntry]) -> dict[Key, Told]:
    """Why and by whom a credit note was issued, an invoice written off, a claim waived."""
    objects = [object_of(one) for one in entries]
    invoices = [key for kind, key in objects if kind == "billing.invoice"]
    claims = [key for kind, key in objects if kind == "billing.claim"]
    issued = Q(verb="invoice.issue")
    written_off = Q(verb="invoice.settle", after__has_key="written_off_amount")
    of_invoices = Q(object_type="billing.invoice", object_id__in=list(map(str, invoices)))
    of_claims = Q(object_type="billing.claim", object_id__in=list(map(str, claims)))
    rows = AuditEntry.objects.filter(
        (of_invoices & (issued | written_off)) | (of_claims & Q(verb="claim.waive"))
    )
    reasons = Invoice.objects.filter(pk__in=invoices).values_list("pk", "reason")
    found = {("billing.invoice", key): Told(reason) for key, reason in reasons}
    for row in rows.order_by("pk"):
        name = (row.object_type, int(row.object_id))
        before = found.get(name, Told())
        actor = (row.actor_kind, row.actor_id)
        found[name] = Told(row.reason or before.reason, row.actor_label, actor)
    return found


def unattested(rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """Those of the entries by which money was let go that nobody else has approved."""
    found: QuerySet[JournalEntry] = rows.filter(LOST, attest=None)
    return found


def attest_of(entry: JournalEntry) -> EntryAttest | None:
    """The second approval of an entry, if there is one."""
    found: EntryAttest | None = EntryAttest.objects.filter(entry=entry).first()
    return found


def _behind(actor: Actor) -> set[Actor]:
    """Who acts: the person or token, and the person who made the token."""
    kind, key = actor
    if key is None:
        return set()
    found: set[Actor] = {(str(kind), key)}
    if kind == ActorKind.API_TOKEN:
        makers = ApiToken.objects.filter(pk=key).exclude(created_by=None)
        found |= {
            (str(ActorKind.PERSON), one) for one in makers.values_list("created_by", flat=True)
        }
    return found


@transaction.atomic
def attest_entry(*, entry: JournalEntry, note: str = "") -> EntryAttest:
    """Approve what another person let go. Refuses entries that need no approval, a second one,
    and one's own doing, be it by a token of one's own."""
    if not is_lost(entry):
        raise RuleViolation("needs_no_attest", _("Only what lets money go is approved twice."))
    JournalEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if attest_of(entry) is not None:
        raise RuleViolation("attested", _("It is approved already."))
    actor = current_actor.get()
    did = told([entry]).get(object_of(entry), Told())
    if _behind((actor.kind, actor.id)) & _behind(did.actor):
        raise RuleViolation("own_doing", _("Somebody else than who did it has to approve it."))
    made: EntryAttest = EntryAttest.objects.create(
        operator_id=entry.operator_id,
        entry=entry,
        by_label=actor.label[:200],
        note=note.strip()[:500],
    )
    record("entry.attest", entry, operator_id=entry.operator_id, reason=note)
    return made
