"""Calls to the gateway of terminals: what went wrong is said in the words of every provider."""

from __future__ import annotations

from typing import Any, Final

import httpx
from django.conf import settings

from billing.payments.cards.provider import Keys, ProviderRefused, ProviderSilent

TIMEOUT_S: Final = 20.0
MOST_BYTES: Final = 20_000_000
Values = dict[str, Any]


def ask(
    keys: Keys, method: str, path: str, *, key: str = "", body: Values | None = None,
    query: dict[str, str] | None = None,
) -> Values:  # fmt: skip
    """What the gateway answers, as plain values.

    Raises ProviderSilent where the answer does not say what happened (none, 409 while the same
    call runs, 429, 5xx), else ProviderRefused.
    """
    try:
        found = _sent(keys, method, path, key, body, query).json()
    except ValueError as error:
        raise ProviderSilent("The answer is not JSON") from error
    if not isinstance(found, dict):
        raise ProviderSilent("The answer is no object")
    return found


def read_text(keys: Keys, path: str) -> str:
    """A file of the gateway's; refuses one that is too large."""
    answer = _sent(keys, "GET", path, "", None, None)
    if len(answer.content) > MOST_BYTES:
        raise ProviderRefused("too_large", "The file is too large.")
    return answer.text


def _sent(
    keys: Keys, method: str, path: str, key: str, body: Values | None,
    query: dict[str, str] | None,
) -> httpx.Response:  # fmt: skip
    if not settings.TERMINAL_API_URL:
        raise ProviderRefused("no_gateway", "TERMINAL_API_URL names no gateway.")
    headers = {"Authorization": f"Bearer {keys.secret_key}"}
    if key:
        headers["Idempotency-Key"] = key
    try:
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
            answer = client.request(
                method, f"{settings.TERMINAL_API_URL}{path}", json=body, params=query,
                headers=headers,
            )  # fmt: skip
    except httpx.HTTPError as error:
        raise ProviderSilent(type(error).__name__) from error
    if answer.status_code in (409, 429) or answer.status_code >= 500:
        raise ProviderSilent(f"HTTP {answer.status_code}")
    if answer.status_code >= 400:
        raise _refused(answer)
    return answer


def _refused(answer: httpx.Response) -> ProviderRefused:
    if answer.status_code in (401, 403):
        return ProviderRefused("keys", "The gateway does not accept the key.")
    try:
        told: Any = answer.json()
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    return ProviderRefused(
        str(told.get("code") or f"http_{answer.status_code}")[:60],
        str(told.get("message") or "")[:500],
    )
