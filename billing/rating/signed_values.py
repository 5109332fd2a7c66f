"""Signed values of stored sessions: out of the facts, where they stand as they were sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from billing.rating.signed import SignedRecord, read_signed
from stations.sessions.models import Session, SessionFact

NOTE: Final = "signed_data"
"""Finding of sessions in whose facts a signed value stands."""


def signed_records(sessions: Iterable[Session]) -> Mapping[int, Sequence[SignedRecord]]:
    """Signed values by session, in the order in which they were read; one query at most.

    Sessions must be loaded with their EVSE, whose meter may have a key.
    """
    wanted = {one.pk: one for one in sessions if any(f.get("code") == NOTE for f in one.findings)}
    if not wanted:
        return {}
    found: dict[int, dict[str, SignedRecord]] = defaultdict(dict)
    rows = SessionFact.objects.filter(session_id__in=wanted).order_by("received_at", "id")
    for session_id, fact in rows.values_list("session_id", "fact"):
        for data, key in _values(fact):
            if data not in found[session_id]:
                evse = wanted[session_id].evse
                trusted = evse.meter_public_key if evse is not None else ""
                found[session_id][data] = read_signed(data, key, trusted_key=trusted)
    return {session_id: list(records.values()) for session_id, records in found.items()}


def _values(fact: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for reading in fact.get("readings", ()):
        for sample in reading.get("samples", ()):
            if sample.get("signed_data"):
                yield sample["signed_data"], sample.get("public_key", "")
