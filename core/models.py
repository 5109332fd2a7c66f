"""Aggregator: the tables of the core app."""

from core.accounts.models import ApiToken, Membership, Operator, User
from core.audit.models import AuditEntry
from core.notes.models import Note
from core.search.models import SearchEntry

__all__ = ["ApiToken", "AuditEntry", "Membership", "Note", "Operator", "SearchEntry", "User"]
