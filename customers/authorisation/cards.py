"""Authorises the operator's own id tokens (setting ``TOKEN_AUTHORISERS``)."""

from __future__ import annotations

from typing import Any

from customers.authorisation.limits import exceeded
from customers.authorisation.lookup import KnownToken, find_known_token
from customers.authorisation.use import use_of
from customers.tokens.models import TokenStatus
from stations.ocpp.authorisation import reasons
from stations.ocpp.authorisation.protocol import (
    AuthorisationRequest,
    AuthorisationStatus,
    Decision,
)

_STATUS_OF_LIMIT: dict[str, AuthorisationStatus] = {
    reasons.CONCURRENT_SESSIONS: "ConcurrentTx",
    reasons.ENERGY_LIMIT: "Blocked",
}


class CardAuthoriser:
    """Decides about tokens in the table of id tokens; runs inside the operator's scope."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        """None for a token that the operator does not have."""
        token = find_known_token(request.operator_id, request.id_token)
        if token is None:
            return None
        status, reason = judge(token, request)
        return Decision(
            status=status,
            reason_code=reason,
            group_id=token.group_id or None,
            expires_at=token.expires_at,
            snapshot=snapshot_of(token),
        )


def judge(token: KnownToken, request: AuthorisationRequest) -> tuple[AuthorisationStatus, str]:
    """Status and reason code: withdrawn, blocked, expired, wrong site, limits, in this order."""
    if token.status == TokenStatus.INVALID:
        return "Invalid", reasons.WITHDRAWN
    if token.status == TokenStatus.BLOCKED:
        return "Blocked", reasons.BLOCKED
    if token.expires_at is not None and token.expires_at <= request.at:
        return "Expired", reasons.EXPIRED
    if token.allowed_site_ids and request.site_id not in token.allowed_site_ids:
        return "Blocked", reasons.SITE_NOT_ALLOWED
    limit = _limit(token, request)
    return (_STATUS_OF_LIMIT[limit], limit) if limit else ("Accepted", reasons.ACCEPTED)


def _limit(token: KnownToken, request: AuthorisationRequest) -> str | None:
    # ConcurrentTx belongs to the start of a transaction alone (OCPP 1.6 §7.2): a card that is
    # presented again may be there to stop its own session.
    sessions = token.max_concurrent_sessions if request.kind != "authorize" else None
    energy = token.max_energy_wh_per_month
    if sessions is None and energy is None:
        return None
    return exceeded(
        use_of(token, request),
        max_concurrent_sessions=sessions,
        max_energy_wh_per_month=energy,
    )


def snapshot_of(token: KnownToken) -> dict[str, Any]:
    """What an attempt and a session keep of the token, so that both outlive it."""
    return {
        "id": token.pk,
        "uid": token.uid,
        "label": token.label,
        "purpose": token.purpose,
        "kind": token.kind,
        "group": token.group_id,
        "printed_number": token.printed_number,
    }
