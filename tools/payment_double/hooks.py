"""Webhooks of the double: signed as Stripe signs, sent until taken, unruly where wished."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import random
import threading
import time
import urllib.error
import urllib.request
from typing import Final

from tools.payment_double.store import Account, Values

logger = logging.getLogger(__name__)
_TIMEOUT_S: Final = 20
_PAUSES: Final = (1, 5, 30, 120, 600)


def signed(event: Values, secret: str, at: int | None = None) -> tuple[bytes, str]:
    """The body and its Stripe-Signature."""
    body = json.dumps(event).encode()
    at = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return body, f"t={at},v1={digest}"


class Sender(threading.Thread):
    """Sends what is pending to the accounts' webhooks; the same again until it is taken."""

    def __init__(self, accounts: dict[str, Account], lock: threading.RLock) -> None:
        super().__init__(daemon=True)
        self._accounts, self._lock = accounts, lock
        self._again: list[tuple[float, int, Account, Values]] = []

    def run(self) -> None:
        """For ever."""
        while True:
            time.sleep(0.3)
            for account, event, tries in self._due():
                if not _taken(account, event) and tries < len(_PAUSES):
                    at = time.monotonic() + _PAUSES[tries]
                    self._again.append((at, tries + 1, account, event))

    def _due(self) -> list[tuple[Account, Values, int]]:
        now = time.monotonic()
        due = [(one[2], one[3], one[1]) for one in self._again if one[0] <= now]
        self._again = [one for one in self._again if one[0] > now]
        with self._lock:
            for account in self._accounts.values():
                account.run_due()
                if not account.webhook_url:
                    continue
                fresh, account.pending = account.pending, []
                if account.is_unruly:
                    # Late ones first, and each third one twice.
                    fresh = [*fresh, *fresh[::3]]
                    random.shuffle(fresh)
                due += [(account, event, 0) for event in fresh]
        return due


def _taken(account: Account, event: Values) -> bool:
    body, signature = signed(event, account.webhook_secret)
    request = urllib.request.Request(
        account.webhook_url, data=body, method="POST",
        headers={"Content-Type": "application/json", "Stripe-Signature": signature},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as reply:
            return 200 <= int(reply.status) < 300
    except (urllib.error.URLError, OSError) as error:
        logger.info("Webhook %s was not taken: %s", event["type"], error)
        return False
