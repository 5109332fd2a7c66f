"""Authorises guests (setting ``TOKEN_AUTHORISERS``): who has paid, where and while it counts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any, Final

from customers.guests.models import AT_EVSE, GuestVisit, VisitState
from stations.ocpp.authorisation import reasons
from stations.ocpp.authorisation.protocol import AuthorisationRequest, Decision

PREFIX: Final = "GUEST"
_TOKEN: Final = re.compile(r"GUEST[0-9A-F]{15}")


def new_token() -> str:
    """What a station is told of a guest: 60 random bits in the 20 signs of OCPP 1.6."""
    return PREFIX + secrets.token_hex(8)[:15].upper()


class GuestAuthoriser:
    """Decides about the tokens of guests' visits; runs inside the operator's scope."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        """None for every token that is no guest's, without asking the database."""
        return self.decide_many([request])[0]

    def decide_many(self, requests: Sequence[AuthorisationRequest]) -> list[Decision | None]:
        """The same for several of one operator, by one statement at most."""
        asked = {one.id_token.strip().upper() for one in requests}
        guests = [one for one in asked if _TOKEN.fullmatch(one)]
        if not guests:
            return [None] * len(requests)
        rows = GuestVisit.objects.filter(operator_id=requests[0].operator_id, token__in=guests)
        found = {one.token: one for one in rows.select_related("account", "evse")}
        return [_decision(found.get(one.id_token.strip().upper()), one) for one in requests]


def _decision(visit: GuestVisit | None, request: AuthorisationRequest) -> Decision | None:
    if visit is None:
        return None
    code = _refusal(visit, request)
    return Decision(
        status="Blocked" if code else "Accepted",
        reason_code=code or reasons.ACCEPTED,
        snapshot=snapshot_of(visit),
    )


def _refusal(visit: GuestVisit, request: AuthorisationRequest) -> str:
    """A guest charges once, at the EVSE that was paid for, while the money is there."""
    if visit.evse.station_id != request.station_id:
        return reasons.SITE_NOT_ALLOWED
    # 1.6 names connector 0 where it does not know yet which.
    if request.evse_number and request.evse_number != visit.evse.number:
        return reasons.SITE_NOT_ALLOWED
    if visit.state not in AT_EVSE:
        return reasons.EXPIRED
    if visit.state == VisitState.CHARGING and request.kind == "start":
        return _second_start(visit, request)
    return ""


def _second_start(visit: GuestVisit, request: AuthorisationRequest) -> str:
    """The start of the visit's own session may be told again."""
    own = visit.session
    if own is None or request.transaction_id == own.ocpp_transaction_id:
        return ""
    return reasons.CONCURRENT_SESSIONS


def snapshot_of(visit: GuestVisit) -> dict[str, Any]:
    """What attempt and session keep: whose visit, and which account pays."""
    return {
        "uid": visit.token,
        "purpose": "guest",
        "label": "Guest",
        "guest": visit.public_id,
        "account": visit.account.public_id,
    }
