"""idTokenInfo of 2.0.1 from a decision."""

from __future__ import annotations

from typing import Any

from stations.ocpp.authorisation.protocol import Decision
from stations.ocpp.handling import timestamp


def id_token_info(decision: Decision) -> dict[str, Any]:
    """Status, with group and expiry where there are any (part 2, IdTokenInfoType)."""
    info: dict[str, Any] = {"status": decision.status}
    if decision.group_id:
        info["groupIdToken"] = {"idToken": decision.group_id[:36], "type": "Central"}
    if decision.expires_at:
        info["cacheExpiryDateTime"] = timestamp(decision.expires_at)
    return info
