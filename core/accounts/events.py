"""What happens to accounts, in the audit trail of each operator the person works for."""

from __future__ import annotations

from typing import Any, Final

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in
from django.dispatch import Signal
from django.http import HttpRequest

from core.accounts.middleware import client_address
from core.accounts.models import Membership, User
from core.audit.models import ActorKind
from core.audit.services import Actor, record
from core.plugins import plugged
from core.tenancy.scopes import across_operators

_VERBS: Final[dict[str, Signal]] = {
    "person.login": user_logged_in,
    "person.login_failed": account.login_code_rejected,
    "person.password_changed": account.password_changed,
    "person.password_set": account.password_set,
    "person.password_reset": account.password_reset,
    "person.second_factor_added": mfa.authenticator_added,
    "person.second_factor_removed": mfa.authenticator_removed,
    "person.recovery_codes_made": mfa.authenticator_reset,
}


def listen() -> None:
    """Connect once; allauth has no other hook for these."""
    for verb, signal in _VERBS.items():
        signal.connect(_Keeper(verb), weak=False, dispatch_uid=verb)


class _Keeper:
    def __init__(self, verb: str) -> None:
        self.verb = verb

    def __call__(self, *, user: Any, request: HttpRequest | None = None, **_more: Any) -> None:
        # Without an answer's request it is a test or a command that logs somebody in.
        if isinstance(user, User) and request is not None and hasattr(request, "request_id"):
            keep(self.verb, user, request)


def keep(verb: str, user: User, request: HttpRequest) -> None:
    """One entry for each operator of the person, with the address it came from."""
    label = f"{user.name} <{user.email}>" if user.name else user.email
    is_known = not verb.endswith("_failed")
    actor = Actor(
        ActorKind.PERSON,
        label,
        user.pk if is_known else None,
        getattr(request, "request_id", ""),
        client_address(request),
    )
    with across_operators("an account belongs to several operators"):
        members = Membership.objects.filter(user=user, is_active=True)
        found = dict.fromkeys(members.order_by("pk").values_list("operator_id", flat=True))
        for source in plugged("ACCOUNT_OPERATORS"):
            found |= dict.fromkeys(source(user))
        for operator_id in found:
            record(verb, user, operator_id=operator_id, actor=actor)
