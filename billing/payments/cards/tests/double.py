"""What tests ask of the double of Stripe."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client

from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.accounts import save_account
from billing.sellers.models import Seller
from core.ids import public_id


@contextmanager
def double_process() -> Iterator[str]:
    """The double as a process of its own, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.payment_double", "--port", "0"],
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


class Double:
    """One account at the double."""

    WEBHOOK_SECRET = "whsec_double_default"

    def __init__(self, url: str) -> None:
        self.url, self.key = url, "sk_" + public_id("test")

    def account(self, seller: Seller, **values: Any) -> ProviderAccount:
        """The seller takes cards."""
        given = {"hold_amount": 500} | values
        return save_account(
            seller=seller, secret_key=self.key, webhook_secret=self.WEBHOOK_SECRET, **given
        )

    def ask(self, what: str, **given: Any) -> Any:
        """A wish, and its answer."""
        request = urllib.request.Request(
            f"{self.url}/_double/{what}", data=json.dumps({"key": self.key, **given}).encode()
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)

    def fault(self, path: str, kind: str, when: str = "before", times: int = 1) -> None:
        """Let calls of a path go wrong: ``silence`` or a status, before or after it was done."""
        self.ask("fault", path=path, kind=kind, when=when, times=times)

    def pay(self, page_ref: str, card: str = "4242424242424242") -> str:
        """A person pays on a page; the error that stays there, or ""."""
        return str(self.ask("pay", page=page_ref, card=card)["error"])

    def go_on(self, **time: int) -> None:
        """Let the double's clock run."""
        days, hours = time.get("days", 0), time.get("hours", 0)
        self.ask("clock", seconds=days * 86_400 + hours * 3_600)

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """All of a kind, the newest first."""
        found: list[dict[str, Any]] = self.ask("objects", kind=kind)
        return found

    def calls(self, method: str, path: str) -> list[dict[str, Any]]:
        """What was asked of a path."""
        log = self.ask("log")
        return [one for one in log if one["method"] == method and one["path"] == path]

    def events(self, **given: Any) -> list[dict[str, Any]]:
        """Webhooks that wait, signed."""
        found: list[dict[str, Any]] = self.ask("events", **given)
        return found


def deliver(account: ProviderAccount, *events: dict[str, Any]) -> list[int]:
    """Hand webhooks over, in this order; the statuses they got."""
    client = Client()
    return [
        client.post(
            f"/api/hooks/cards/{account.public_id}", data=event["body"],
            content_type="application/json", headers={"stripe-signature": event["signature"]},
        ).status_code
        for event in events
    ]  # fmt: skip
