"""Aggregator: the tables of the core app."""

from core.accounts.models import ApiToken, Membership, Operator, User
from core.api.models import ApiRequest, IdempotentCall
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.imports.models import ImportRun
from core.letters.models import Letter, LetterEvent
from core.lists.models import BulkRow, BulkRun, ListPreference, SavedView
from core.members.models import Invitation
from core.notes.models import Note
from core.notifications.models import (
    Notification,
    NotificationChoice,
    NotificationDelivery,
    NotificationSettings,
    NotificationWatch,
)
from core.operators.models import LegalText, OperatorSetup
from core.schedules.models import Delivery, Schedule, ScheduleRecipient
from core.search.models import SearchEntry, SearchFill
from core.webhooks.models import (
    WebhookCursor,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookTicket,
)

__all__ = [
    "ApiRequest",
    "ApiToken",
    "Attachment",
    "AuditEntry",
    "BulkRow",
    "BulkRun",
    "Delivery",
    "IdempotentCall",
    "ImportRun",
    "Invitation",
    "LegalText",
    "Letter",
    "LetterEvent",
    "ListPreference",
    "Membership",
    "Note",
    "Notification",
    "NotificationChoice",
    "NotificationDelivery",
    "NotificationSettings",
    "NotificationWatch",
    "Operator",
    "OperatorSetup",
    "SavedView",
    "Schedule",
    "ScheduleRecipient",
    "SearchEntry",
    "SearchFill",
    "User",
    "WebhookCursor",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookTicket",
]
