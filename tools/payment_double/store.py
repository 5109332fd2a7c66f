"""What the double remembers of one account: objects by id, keys that were used, its clock."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

Values = dict[str, Any]
_COUNT: Final = itertools.count(1)


class Refusal(Exception):
    """An error as Stripe answers it."""

    def __init__(
        self, status: int, code: str, message: str, *, kind: str = "invalid_request_error",
        decline: str = "", at: str = "", intent: Values | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status = status
        self.body: Values = {"error": {"type": kind, "code": code, "message": message}}
        if decline:
            self.body["error"]["decline_code"] = decline
        if at:
            self.body["error"]["param"] = at
        if intent is not None:
            self.body["error"]["payment_intent"] = intent


@dataclass(slots=True)
class Used:
    """What an idempotency key was used for."""

    digest: str
    status: int = 0
    body: Values = field(default_factory=dict)
    is_done: bool = False


@dataclass(slots=True)
class Account:
    """All of one secret key."""

    key: str
    objects: dict[str, Values] = field(default_factory=dict)
    used: dict[str, Used] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    """Numbers of test cards by payment method."""
    events: list[Values] = field(default_factory=list)
    pending: list[Values] = field(default_factory=list)
    """Events that were not handed to the webhook yet."""
    webhook_url: str = ""
    webhook_secret: str = "whsec_double_default"
    is_unruly: bool = False
    ahead_s: int = 0
    later: list[tuple[int, Callable[[], None]]] = field(default_factory=list)

    def now(self) -> int:
        """Seconds since 1970 by the account's own clock."""
        return int(time.time()) + self.ahead_s

    def new(self, prefix: str, kind: str, **values: Any) -> Values:
        """An object that is remembered."""
        digest = hashlib.sha256(f"{self.key}{next(_COUNT)}{time.time_ns()}".encode()).hexdigest()
        made = {
            "id": f"{prefix}_{digest[:24]}", "object": kind, "created": self.now(),
            "livemode": False, **values,
        }  # fmt: skip
        self.objects[made["id"]] = made
        return made

    def get(self, ref: str, kind: str) -> Values:
        """An object by id; refuses unknown ones as Stripe does."""
        found = self.objects.get(ref)
        if found is None or found["object"] != kind:
            raise Refusal(404, "resource_missing", f"No such {kind}: '{ref}'", at="id")
        return found

    def all(self, kind: str) -> list[Values]:
        """All objects of a kind, the newest first."""
        return [one for one in reversed(self.objects.values()) if one["object"] == kind]

    def tell(self, kind: str, thing: Values) -> None:
        """An event about an object, as it is now."""
        event = self.new(
            "evt", "event", type=kind, api_version="2026-10-28.endive",
            data={"object": json.loads(json.dumps(thing))}, pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
        )  # fmt: skip
        del self.objects[event["id"]]
        self.events.append(event)
        self.pending.append(event)

    def after(self, seconds: int, call: Callable[[], None]) -> None:
        """Do something when the clock has gone on."""
        self.later.append((self.now() + seconds, call))

    def run_due(self) -> None:
        """Do what is due by the clock."""
        for item in [one for one in self.later if one[0] <= self.now()]:
            self.later.remove(item)
            item[1]()
