"""Which socket identities a station may have (pure)."""

from __future__ import annotations

import re
from typing import Final

# What fits a URL path segment once percent-encoded: OCPP-J §3.1.1 wants a printable name; the
# user name of HTTP Basic ends at a colon, a slash would end the path segment.
_IDENTITY: Final = re.compile(r"[^\x00-\x20\x7f/:?#\\]{1,48}")
_PUBLIC: Final = re.compile(r"cs_[0-9a-hjkmnp-z]{16}")


def is_identity(text: str) -> bool:
    """Whether ``text`` can name a station on the socket without being taken for a public id."""
    return bool(_IDENTITY.fullmatch(text)) and not _PUBLIC.fullmatch(text)
