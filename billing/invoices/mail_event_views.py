"""Where the mail provider tells what became of mails: signed, not logged in."""

from __future__ import annotations

from typing import Any

from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.invoices.mail_events import note_event
from core.letters.services import note_event as note_letter_event
from core.tenancy.scopes import across_operators


def _key(event: Any) -> str:
    """The event's own id: what signs it is another one each time it is sent."""
    told = event.esp_event.get("event-data", {}) if isinstance(event.esp_event, dict) else {}
    return str(told.get("id") or event.event_id or "")


@csrf_exempt
@require_POST
def mailgun_events(request: HttpRequest) -> HttpResponse:
    """404 unless mails go by Mailgun; 400 for a wrong signature, with nothing stored."""
    # Without a key of ours anybody could sign.
    if settings.EMAIL_PROVIDER != "mailgun" or not settings.ANYMAIL["MAILGUN_WEBHOOK_SIGNING_KEY"]:
        raise Http404
    hook = MailgunTrackingWebhookView()
    hook.run_validators(request)
    with across_operators("a provider tells of mails of every operator"):
        for event in hook.parse_events(request):
            told: dict[str, Any] = {
                "message_id": str(event.message_id or ""),
                "key": _key(event),
                "kind": str(event.event_type),
                "happened_at": event.timestamp,
                "text": str(event.mta_response or event.description or ""),
                "raw": event.esp_event,
            }
            if not note_event(**told):
                note_letter_event(**told)
    return HttpResponse()
