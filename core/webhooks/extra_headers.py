"""Headers that a receiver wants, such as a token: stored sealed, shown by their names alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.sealing import Unreadable, seal, unseal
from core.webhooks.models import WebhookEndpoint

MASK: Final = "••••••"
"""Stands for a value that is kept."""
MOST: Final = 10
_PURPOSE: Final = "webhook-headers"
_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}")
_VALUE: Final = re.compile(r"[\x20-\x7e]{0,1000}")
_OURS: Final = frozenset(
    {
        "host", "content-length", "content-type", "content-encoding", "transfer-encoding",
        "connection", "user-agent", "accept-encoding", "expect", "te", "trailer", "upgrade",
    }
)  # fmt: skip


def sealed_headers(endpoint: WebhookEndpoint, given: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """Headers as they are stored, and their names; the mask keeps a value that is there.

    Refuses names and values that HTTP does not allow, our own headers, and more than ten.
    """
    known = _kept(endpoint) if MASK in given.values() else {}
    if len(given) > MOST:
        raise InvalidInput("headers", _("At most ten headers."), field="headers")
    found = {}
    for name, value in given.items():
        kept = known.get(name, "") if value == MASK else value
        is_ours = name.lower() in _OURS or name.lower().startswith("webhook-")
        if is_ours or not _NAME.fullmatch(name) or not _VALUE.fullmatch(kept) or not kept.strip():
            raise InvalidInput(
                "headers", _("This header cannot be sent: %(name)s") % {"name": name[:60]},
                field="headers",
            )  # fmt: skip
        found[name] = kept.strip()
    sealed = seal(json.dumps(found).encode(), _PURPOSE) if found else b""
    return sealed, sorted(found)


def opened(endpoint: WebhookEndpoint) -> dict[str, str]:
    """The headers as they are sent; Unreadable when SECRET_KEY is another."""
    if not endpoint.sealed_headers:
        return {}
    found: dict[str, str] = json.loads(unseal(endpoint.sealed_headers, _PURPOSE))
    return found


def _kept(endpoint: WebhookEndpoint) -> dict[str, str]:
    try:
        return opened(endpoint)
    except Unreadable as error:
        raise InvalidInput(
            "headers",
            _("The kept values cannot be read any more: write them again."),
            field="headers",
        ) from error


def written(names: list[str]) -> str:
    """One line each, masked, as the form shows them."""
    return "\n".join(f"{name}: {MASK}" for name in names)


def read(text: str) -> dict[str, str]:
    """What the form's lines say. Refuses a line without a colon, and a name twice."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, value = line.partition(":")
        if not colon or name.strip() in found:
            raise InvalidInput(
                "headers", _("This line is no header: %(line)s") % {"line": line[:40]},
                field="headers",
            )  # fmt: skip
        found[name.strip()] = value.strip()
    return found
