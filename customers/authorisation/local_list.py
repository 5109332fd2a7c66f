"""Puts the operator's own cards on local lists (setting ``LOCAL_LIST_SOURCES``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from customers.tokens.models import IdToken, TokenKind, TokenStatus
from stations.ocpp.authorisation.protocol import LocalListEntry

_TYPES = {
    TokenKind.RFID: "ISO14443",
    TokenKind.APP: "Central",
    TokenKind.VIRTUAL: "Central",
}


def ocpp_type(token: IdToken) -> str:
    """IdTokenEnumType (OCPP 2.0.1 §3.43) of a token."""
    if token.uid.upper().startswith("VID:"):
        return "MacAddress"
    return _TYPES[TokenKind(token.kind)]


class CardSource:
    """Active cards that may charge at the site; runs inside the operator's scope.

    Cards with limits are left out: a station that decides alone cannot count their use.
    """

    def entries(
        self, *, operator_id: int, station_id: int, site_id: int, at: datetime
    ) -> Iterator[LocalListEntry]:
        """One entry a card, in the order of UIDs."""
        cards = (
            IdToken.objects.filter(
                kind=TokenKind.RFID,
                status=TokenStatus.ACTIVE,
                max_concurrent_sessions=None,
                max_energy_wh_per_month=None,
            )
            .filter(Q(expires_at=None) | Q(expires_at__gt=at))
            .filter(Q(allowed_sites=None) | Q(allowed_sites=site_id))
            .order_by("uid", "id")
        )
        for card in cards:
            yield LocalListEntry(
                id_token=card.uid,
                id_token_type=ocpp_type(card),
                status="Accepted",
                expires_at=card.expires_at,
                group_id=card.group_id or None,
            )
