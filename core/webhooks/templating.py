"""Templates of webhooks: checking one when it is saved, trying it, and making a body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.webhooks.models import WebhookDelivery, WebhookTicket
from core.webhooks.sources import EventKind, event_kinds
from core.webhooks.template import (
    TICKET,
    TemplateError,
    parsed,
    rendered,
    unknown_paths,
    uses_ticket,
)

UNMADE: Final = (TemplateError, ValueError, RecursionError)
"""What a template may raise that was saved before it was checked as it is now."""


def check_template(text: str, events: Iterable[str]) -> None:
    """Raise InvalidInput that names what is wrong: no JSON and where, an event without a sample,
    a place that no chosen event has."""
    if not text.strip():
        return
    try:
        template = parsed(text)
    except TemplateError as error:
        raise InvalidInput("template", _in_words(error), field="template") from error
    chosen = _kinds(events)
    if bare := [kind.name for kind in chosen if kind.sample is None]:
        raise InvalidInput(
            "template_events",
            _("A template is for events of incidents and work orders; not for: %(names)s")
            % {"names": ", ".join(bare)},
            field="template",
        )
    if unknown := unknown_paths(template, [sample_of(kind) for kind in chosen]):
        raise InvalidInput(
            "template_places",
            _("No chosen event has: %(names)s") % {"names": ", ".join(unknown)},
            field="template",
        )


def check_pointer(pointer: str, field: str) -> None:
    """Raise InvalidInput for what is no JSON pointer."""
    if pointer and not pointer.startswith("/"):
        raise InvalidInput("pointer", _("A JSON pointer begins with /, as /key."), field=field)


def previews(text: str, events: Iterable[str]) -> list[tuple[EventKind, Any]]:
    """What would be sent for a sample of each chosen event; InvalidInput as when it is saved."""
    chosen = list(events)
    check_template(text, chosen)
    template = parsed(text)
    return [
        (kind, rendered(template, {**sample_of(kind), "ticket": TICKET})) for kind in _kinds(chosen)
    ]


def sample_of(kind: EventKind) -> dict[str, Any]:
    """An event of a kind as it might come."""
    body = {
        "id": "evt_5f0c3a9d1b7e",
        "type": kind.name,
        "timestamp": "2026-05-01T12:00:00Z",
        "data": kind.sample or {},
    }
    read: dict[str, Any] = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
    return read


def body_of(delivery: WebhookDelivery) -> str:
    """What is sent: the event as it stands, or what the endpoint's template makes of it."""
    text = delivery.endpoint.template
    if not text:
        return delivery.event.body
    event: dict[str, Any] = json.loads(delivery.event.body)
    if "data" not in event or delivery.event.kind not in delivery.endpoint.events:
        return delivery.event.body
    if uses_ticket(text):
        event["ticket"] = _ticket(delivery, event)
    return json.dumps(rendered(parsed(text), event), ensure_ascii=False, separators=(",", ":"))


def shown_body(delivery: WebhookDelivery) -> str:
    """What the last try sent, for people; before the first one the event as it stands."""
    return delivery.sent_body or str(delivery.event.body)


def about_of(event: Mapping[str, Any]) -> tuple[str, str]:
    """What an event is about: the first word of its kind, and the id of that; else empty."""
    about = str(event.get("type", "")).partition(".")[0]
    row = event.get("data", {}).get(about) if isinstance(event.get("data"), dict) else None
    ref = row.get("id") if isinstance(row, dict) else None
    return (about, ref) if isinstance(ref, str) else ("", "")


def subject_of(event: Mapping[str, Any]) -> str:
    """What an event is about in one word, as its row keeps it; empty where it is about nothing."""
    about, ref = about_of(event)
    return f"{about}:{ref}"[:100] if ref else ""


def _ticket(delivery: WebhookDelivery, event: Mapping[str, Any]) -> dict[str, str] | None:
    about, ref = about_of(event)
    rows = WebhookTicket.objects.filter(operator_id=delivery.operator_id, about=about, ref=ref)
    row = rows.order_by("-made_at", "-pk").first() if ref else None
    return {"id": row.ticket, "url": row.url} if row else None


def _kinds(events: Iterable[str]) -> list[EventKind]:
    wanted = set(events)
    return [kind for kind in event_kinds() if kind.name in wanted]


def _in_words(error: TemplateError) -> str:
    words = {
        "json": _("This is no JSON, at line and column %(at)s."),
        "object": _("The body must be a JSON object, in braces."),
        "key": _("A place cannot stand in a name: %(at)s"),
        "long": _("At most %(at)s characters."),
        "deep": _("Objects and lists lie in each other more than %(at)s times."),
        "sign": _("This is half a sign and cannot be sent: %(at)s"),
    }
    return words[error.code] % {"at": error.at}
