"""idTagInfo of 1.6 from a decision."""

from __future__ import annotations

from typing import Any

from stations.ocpp.authorisation.protocol import Decision
from stations.ocpp.handling import timestamp


def id_tag_info(decision: Decision) -> dict[str, Any]:
    """Status, with parent group and expiry where there are any (section 7.27)."""
    info: dict[str, Any] = {"status": decision.status}
    if decision.group_id:
        info["parentIdTag"] = decision.group_id[:20]
    if decision.expires_at:
        info["expiryDate"] = timestamp(decision.expires_at)
    return info
