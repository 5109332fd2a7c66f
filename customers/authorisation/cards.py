"""Authorises the operator's own id tokens (setting ``TOKEN_AUTHORISERS``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from billing.accounts.models import AccountStatus
from customers.authorisation.limits import Moment, Refusal, refusal
from customers.authorisation.lookup import KnownToken, KnownVehicle, find_known_tokens
from customers.authorisation.use import use_of
from customers.companies.models import CompanyStatus
from customers.drivers.models import DriverStatus
from customers.tokens.models import TokenStatus
from stations.ocpp.authorisation import reasons
from stations.ocpp.authorisation.protocol import (
    AuthorisationRequest,
    AuthorisationStatus,
    Decision,
)

_STATUS_OF: Final[dict[str, AuthorisationStatus]] = {
    reasons.WITHDRAWN: "Invalid",
    reasons.EXPIRED: "Expired",
    reasons.DRIVER_ENDED: "Expired",
    reasons.CONCURRENT_SESSIONS: "ConcurrentTx",
}


class CardAuthoriser:
    """Decides about tokens in the table of id tokens; runs inside the operator's scope."""

    def decide(self, request: AuthorisationRequest) -> Decision | None:
        """None for a token that the operator does not have."""
        return self.decide_many([request])[0]

    def decide_many(self, requests: Sequence[AuthorisationRequest]) -> list[Decision | None]:
        """The same for several of one operator; the tokens are read by one statement."""
        presented = [(request.id_token, request.site_id) for request in requests]
        tokens = find_known_tokens(requests[0].operator_id, presented)
        return [
            None if token is None else decision_on(token, request)
            for token, request in zip(tokens, requests, strict=True)
        ]


def decision_on(token: KnownToken, request: AuthorisationRequest) -> Decision:
    """The decision about a token that is known; at most one more statement."""
    no = judge(token, request)
    snapshot = snapshot_of(token)
    if no is not None:
        snapshot["refusal"] = no.as_dict()
    return Decision(
        status=_STATUS_OF.get(no.code, "Blocked") if no else "Accepted",
        reason_code=no.code if no else reasons.ACCEPTED,
        group_id=token.group_id or None,
        expires_at=token.expires_at,
        snapshot=snapshot,
    )


def judge(token: KnownToken, request: AuthorisationRequest) -> Refusal | None:
    """What says no, if anything: the token, its driver, its company, then the limits."""
    return _token(token, request) or _owner(token, request) or _limit(token, request)


def _token(token: KnownToken, request: AuthorisationRequest) -> Refusal | None:
    if token.status == TokenStatus.INVALID:
        return Refusal(reasons.WITHDRAWN, "token")
    if token.status == TokenStatus.BLOCKED:
        return Refusal(reasons.BLOCKED, "token")
    if token.expires_at is not None and token.expires_at <= request.at:
        return Refusal(reasons.EXPIRED, "token")
    return None


def _owner(token: KnownToken, request: AuthorisationRequest) -> Refusal | None:
    """Days of validity are days of the operator's zone."""
    driver, company = token.driver, token.company
    if driver is not None:
        today = request.at.astimezone(token.operator_zone).date()
        if driver.status == DriverStatus.BLOCKED:
            return Refusal(reasons.DRIVER_BLOCKED, "driver")
        if driver.valid_from_on is not None and today < driver.valid_from_on:
            return Refusal(reasons.DRIVER_NOT_YET, "driver")
        if driver.valid_until_on is not None and today > driver.valid_until_on:
            return Refusal(reasons.DRIVER_ENDED, "driver")
    if company is not None and company.status == CompanyStatus.BLOCKED:
        return Refusal(reasons.COMPANY_BLOCKED, "company")
    if token.account_status == AccountStatus.BLOCKED:
        return Refusal(reasons.ACCOUNT_BLOCKED, "company" if company is not None else "driver")
    return None


def _limit(token: KnownToken, request: AuthorisationRequest) -> Refusal | None:
    # ConcurrentTx belongs to the start of a transaction alone (OCPP 1.6 §7.2): a card that is
    # presented again may be there to stop its own session.
    moment = Moment(
        site_id=request.site_id,
        local=request.at.astimezone(token.site_zone),
        is_start=request.kind != "authorize",
    )
    return refusal(token.levels, moment) or refusal(token.levels, moment, use_of(token, request))


def snapshot_of(token: KnownToken) -> dict[str, Any]:
    """What an attempt and a session keep of the token, so that both outlive it."""
    snapshot: dict[str, Any] = {
        "id": token.pk,
        "uid": token.uid,
        "label": token.label,
        "purpose": token.purpose,
        "kind": token.kind,
        "group": token.group_id,
        "printed_number": token.printed_number,
    }
    if token.driver is not None:
        snapshot |= {
            "driver": token.driver.public_id,
            "driver_name": token.driver.name,
            "employee_number": token.driver.employee_number,
            "cost_centre": token.driver.cost_centre,
        }
    if token.company is not None:
        snapshot |= {"company": token.company.public_id, "company_name": token.company.name}
    return snapshot | _of_vehicle(token.vehicle)


def _of_vehicle(vehicle: KnownVehicle | None) -> dict[str, Any]:
    """Its own cost centre comes before the driver's."""
    if vehicle is None:
        return {}
    kept = {"vehicle": vehicle.public_id, "registration_number": vehicle.registration_number}
    return kept | ({"cost_centre": vehicle.cost_centre} if vehicle.cost_centre else {})
