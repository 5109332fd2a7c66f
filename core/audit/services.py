"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.audit.models import ActorKind, AuditEntry

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, an API token or the system, with where the request came from."""

    kind: ActorKind
    label: str
    id: int | None = None
    request_id: str = ""
    source_ip: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM, "system")
current_actor: ContextVar[Actor] = ContextVar("current_actor", default=SYSTEM)


def record(
    verb: str,
    instance: models.Model,
    *,
    operator_id: int,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    actor: Actor | None = None,
) -> AuditEntry:
    """Store one entry about ``instance``, in the caller's transaction.

    ``actor`` defaults to whoever the current request or task runs as.
    """
    who = actor or current_actor.get()
    entry: AuditEntry = AuditEntry.objects.create(
        operator_id=operator_id,
        actor_kind=who.kind,
        actor_id=who.id,
        actor_label=who.label[:200],
        verb=verb,
        object_type=instance._meta.label_lower,
        object_id=str(instance.pk),
        object_label=str(instance)[:200],
        before=plain(before or {}),
        after=plain(after or {}),
        reason=reason,
        request_id=who.request_id[:64],
        source_ip=who.source_ip,
    )
    return entry


def record_many(
    verb: str,
    instances: Sequence[M],
    *,
    operator_id: int,
    after: Callable[[M], Mapping[str, Any]],
    reason: str = "",
) -> None:
    """Store an entry about each row of one operator in one statement."""
    who = current_actor.get()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            operator_id=operator_id,
            actor_kind=who.kind,
            actor_id=who.id,
            actor_label=who.label[:200],
            verb=verb,
            object_type=one._meta.label_lower,
            object_id=str(one.pk),
            object_label=str(one)[:200],
            after=plain(after(one)),
            reason=reason,
            request_id=who.request_id[:64],
            source_ip=who.source_ip,
        )
        for one in instances
    )


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON can hold them (decimals and dates as text)."""
    encoder = DjangoJSONEncoder()
    return {
        key: value
        if isinstance(value, str | int | float | bool | list | dict | type(None))
        else encoder.default(value)
        if not isinstance(value, models.Model)
        else str(value)
        for key, value in values.items()
    }
