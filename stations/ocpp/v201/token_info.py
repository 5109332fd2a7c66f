"""idTokenInfo of 2.0.1 from a decision."""

from __future__ import annotations

import textwrap
from typing import Any, Final

from stations.ocpp.authorisation.protocol import Decision
from stations.ocpp.handling import timestamp

MOST_SIGNS: Final = 512


def id_token_info(decision: Decision) -> dict[str, Any]:
    """Status, with group, expiry and price text where there are any (part 2, IdTokenInfoType; the
    text as I01.FR.01 says)."""
    info: dict[str, Any] = {"status": decision.status}
    if decision.group_id:
        info["groupIdToken"] = {"idToken": decision.group_id[:36], "type": "Central"}
    if decision.expires_at:
        info["cacheExpiryDateTime"] = timestamp(decision.expires_at)
    if decision.display:
        info["personalMessage"] = {
            "format": "UTF8",
            "language": decision.display.language,
            "content": shortened(decision.display.text),
        }
    return info


def shortened(text: str) -> str:
    """At most what a MessageContentType holds, cut at a word and marked so."""
    return text if len(text) <= MOST_SIGNS else textwrap.shorten(text, MOST_SIGNS, placeholder=" …")
