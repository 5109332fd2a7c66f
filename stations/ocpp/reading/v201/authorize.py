"""Authorize (2.0.1 C): someone presents a token, perhaps with a contract certificate."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.shapes import Arrival, AuthorizeRequest, Unreadable
from stations.ocpp.reading.v201.tokens import read_id_token

_CERTIFICATE_LENGTH = 10_000


def read(payload: Any, _arrival: Arrival) -> AuthorizeRequest | Unreadable:
    """The token and what comes with it."""
    notes: list[str] = []
    members = Members(payload, notes)
    token = read_id_token(members, "idToken")
    if token is None:
        return Unreadable("An authorisation without token")
    certificate = members.data.get("certificate")
    return AuthorizeRequest(
        token=token,
        certificate=certificate[:_CERTIFICATE_LENGTH] if isinstance(certificate, str) else None,
        certificate_hashes=tuple(
            hashes.data for hashes in members.children("iso15118CertificateHashData")
        ),
        notes=unique(notes),
    )
