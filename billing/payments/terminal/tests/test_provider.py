"""A gateway that does not keep to what docs/payments.md asks of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone

from billing.payments.cards.provider import Keys, Order, ProviderSilent
from billing.payments.terminal.provider import TerminalProvider

OTHER = {"id": "a1", "reference": "cpy_other", "state": "held", "amount": "50", "currency": "SEK"}


class _Careless(BaseHTTPRequestHandler):
    """Passes over what it is asked to filter by, and says nothing of its key."""

    def do_GET(self) -> None:
        """One answer for all."""
        body = json.dumps({"authorisations": [OTHER]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def provider(settings: Any) -> Iterator[TerminalProvider]:
    """One that speaks with it."""
    with HTTPServer(("127.0.0.1", 0), _Careless) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.TERMINAL_API_URL = f"http://127.0.0.1:{server.server_port}"
        yield TerminalProvider(Keys("a key of the test", ""))
        server.shutdown()
        thread.join()


def test_another_payment_is_not_taken_for_ours(provider: TerminalProvider) -> None:
    found = [provider.find(_order(ref), timezone.now()) for ref in ("cpy_ours", OTHER["reference"])]
    assert [one.ref if one else None for one in found] == [None, "a1"]


def _order(ref: str) -> Order:
    return Order(key=ref, ref=ref, amount=Decimal(50), currency="SEK", description="")


def test_a_key_of_which_nothing_is_said_counts_as_silence(provider: TerminalProvider) -> None:
    with pytest.raises(ProviderSilent, match="live"):
        provider.is_live()
