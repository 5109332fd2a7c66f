"""Aggregator: the tables of the core app."""

from core.accounts.models import ApiToken, Membership, Operator, User
from core.audit.models import AuditEntry

__all__ = ["ApiToken", "AuditEntry", "Membership", "Operator", "User"]
