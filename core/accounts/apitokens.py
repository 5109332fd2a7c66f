"""API tokens: making, checking, revoking. Only a digest is stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import ApiToken, Operator, User
from core.accounts.permissions import WHOLE_OPERATOR, Permission
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.tenancy.places import Holder, place_source
from core.tenancy.scopes import across_operators

_USE_RESOLUTION = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """SHA-256 of a token; the token itself has 256 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_api_token(
    *,
    operator: Operator,
    name: str,
    permissions: Iterable[str],
    by: User | None = None,
    expires_at: datetime | None = None,
    within: Collection[str] = frozenset(Permission.values),
    places: Collection[int] | None = None,
    reason: str = "",
) -> tuple[ApiToken, str]:
    """Create a token and return it with its secret, which is shown this once.

    With ``places`` it works with those alone. Refuses permissions that do not exist or are not
    ``within`` those of the creator, an expiry that has passed, and with a limit no place at all
    and permissions over the whole operator.
    """
    wanted = _permissions(permissions, within)
    if places is not None:
        _check_limit(wanted, places)
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput("expired", _("This instant has passed."), field="expires_at")
    secret = "cnp_" + secrets.token_urlsafe(32)
    token = ApiToken(
        operator=operator,
        name=name,
        prefix=secret[:12],
        digest=digest_of(secret),
        permissions=wanted,
        is_limited=places is not None,
        created_by=by,
        expires_at=expires_at,
    )
    token.clean_fields(exclude={"operator", "permissions"})
    token.save()
    after: dict[str, Any] = {"name": name, "permissions": wanted, "expires_at": expires_at}
    if places is not None:
        source = place_source()
        source.assign(Holder.TOKEN, token.pk, operator.pk, places)
        after["sites"] = source.names(Holder.TOKEN, [token.pk])[token.pk]
    record("api_token.create", token, operator_id=operator.pk, after=after, reason=reason)
    return token, secret


def _check_limit(permissions: Iterable[str], places: Collection[int]) -> None:
    if not places:
        raise InvalidInput("no_sites", _("Choose at least one site."), field="sites")
    whole = [p for p in permissions if p in WHOLE_OPERATOR]
    if whole:
        raise InvalidInput(
            "whole_operator",
            _("A token limited to sites cannot have what concerns the whole operator: %(names)s")
            % {"names": ", ".join(whole)},
            field="permissions",
        )


def _permissions(permissions: Iterable[str], within: Collection[str]) -> list[str]:
    wanted = sorted(set(permissions))
    unknown = [p for p in wanted if p not in Permission.values]
    if unknown:
        raise InvalidInput(
            "unknown_permission",
            _("Unknown permission: %(names)s") % {"names": ", ".join(unknown)},
            field="permissions",
        )
    more = [p for p in wanted if p not in within]
    if more:
        raise RuleViolation(
            "more_than_own",
            _("You cannot give what you may not do yourself: %(names)s")
            % {"names": ", ".join(more)},
            field="permissions",
        )
    return wanted


def find_api_token(secret: str) -> ApiToken | None:
    """The live token with this secret, with its operator; None if unknown, expired, revoked."""
    now = timezone.now()
    with across_operators("a bearer token names its operator"):
        token: ApiToken | None = (
            ApiToken.objects.select_related("operator")
            .filter(digest=digest_of(secret), revoked_at=None, operator__is_active=True)
            .first()
        )
        if token is None or (token.expires_at and token.expires_at <= now):
            return None
        if token.last_used_at is None or now - token.last_used_at > _USE_RESOLUTION:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token


@transaction.atomic
def revoke_api_token(*, token: ApiToken, reason: str = "") -> ApiToken:
    """Make a token useless at once. Refuses one that has been revoked already."""
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if not changed:
        raise RuleViolation("token_revoked", _("The token has been revoked already."))
    token.refresh_from_db()
    record(
        "api_token.revoke",
        token,
        operator_id=token.operator_id,
        before={"revoked_at": None},
        after={"revoked_at": token.revoked_at},
        reason=reason,
    )
    return token
