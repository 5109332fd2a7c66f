"""A card that costs nothing, to prove that a station charges (``TEST_CARDS``)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from customers.tokens.models import IdToken, TokenKind, TokenPurpose, TokenStatus
from customers.tokens.starting import start_parameters
from stations.hardware.models import Evse


class TestCards:
    """The operator's active token with the purpose test: a virtual one before a card."""

    __test__ = False

    def start_parameters(self, evse: Evse) -> dict[str, Any] | None:
        """What a remote start takes; None where no such token is there."""
        rows = IdToken.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            operator_id=evse.operator_id,
            purpose=TokenPurpose.TEST,
            status=TokenStatus.ACTIVE,
        )
        order = {TokenKind.VIRTUAL: 0, TokenKind.APP: 1, TokenKind.RFID: 2}
        token = min(
            rows.order_by("id")[:50], key=lambda one: order[TokenKind(one.kind)], default=None
        )
        return start_parameters(token, evse) if token is not None else None


source = TestCards()
