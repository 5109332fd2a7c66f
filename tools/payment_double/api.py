"""The double's answers to Stripe's paths; keys of idempotency; errors that tests ask for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tools.payment_double import intents, money_back, pages
from tools.payment_double.contract import ContractProblem, check, type_of
from tools.payment_double.store import Account, Refusal, Used, Values

_ONE: Final = re.compile(r"^/v1/([a-z_/]+?)/([A-Za-z]+_[A-Za-z0-9_]+)(?:/([a-z]+))?$")
_KINDS: Final = {
    "payment_intents": "payment_intent",
    "checkout/sessions": "checkout.session",
    "refunds": "refund",
    "disputes": "dispute",
    "payouts": "payout",
    "payment_methods": "payment_method",
    "balance_transactions": "balance_transaction",
}
_LINKS: Final = ("latest_charge", "payment_intent", "payment_method", "setup_intent", "source")


class NoAnswer(Exception):
    """The connection is closed without one."""


@dataclass(slots=True)
class Fault:
    """What goes wrong at a path: ``before`` or ``after`` the call was carried out."""

    path: str
    kind: str
    when: str = "before"
    times: int = 1


@dataclass(slots=True)
class Api:
    """Answers for one account."""

    account: Account
    base_url: str
    faults: list[Fault] = field(default_factory=list)
    log: list[Values] = field(default_factory=list)

    def answer(self, method: str, path: str, given: Values, key: str) -> tuple[int, Values]:
        """Status and body; raises NoAnswer where a fault says so."""
        self.account.run_due()
        self.log.append({"method": method, "path": path, "given": given, "key": key})
        self._fault(path, "before")
        status, body = self._once(method, path, given, key)
        self._fault(path, "after")
        return status, body

    @contextmanager
    def around(self, method: str, path: str, given: Values, key: str) -> Iterator[None]:
        """A call that something else answers: kept in the log, with the faults of its path."""
        self.log.append({"method": method, "path": path, "given": given, "key": key})
        self._fault(path, "before")
        yield
        self._fault(path, "after")

    def _fault(self, path: str, when: str) -> None:
        for fault in self.faults:
            if fault.when == when and fault.times > 0 and path.startswith(fault.path):
                fault.times -= 1
                if fault.kind == "silence":
                    raise NoAnswer
                status = int(fault.kind)
                kind = "rate_limit" if status == 429 else "api_error"
                raise Refusal(status, kind, "As the test wished.", kind=kind)

    def _once(self, method: str, path: str, given: Values, key: str) -> tuple[int, Values]:
        """The same key again gets the same answer; for something else it is refused."""
        if method != "POST" or not key:
            return self._tried(method, path, given)
        digest = hashlib.sha256(json.dumps([path, given], sort_keys=True).encode()).hexdigest()
        used = self.account.used.get(key)
        if used is None:
            used = self.account.used[key] = Used(digest)
            used.status, used.body = self._tried(method, path, given)
            used.body = json.loads(json.dumps(used.body))
            used.is_done = True
            return used.status, used.body
        if used.digest != digest:
            raise Refusal(
                400, "idempotency_error", "Keys for idempotent requests can only be used with "
                "the same parameters they were first used with.", kind="idempotency_error",
            )  # fmt: skip
        if not used.is_done:
            raise Refusal(409, "idempotency_key_in_use", "There is another request with this key.")
        return used.status, used.body

    def _tried(self, method: str, path: str, given: Values) -> tuple[int, Values]:
        try:
            kind = type_of(method, path)
            if kind is None:
                raise Refusal(404, "url_invalid", f"Unrecognized request URL ({method}: {path}).")
            check(kind, given)
            return 200, self._shown(self._done(method, path, given), given)
        except ContractProblem as problem:
            refusal = Refusal(400, problem.code, problem.message, at=problem.at)
        except Refusal as found:
            refusal = found
        return refusal.status, refusal.body

    def _done(self, method: str, path: str, given: Values) -> Values:
        account = self.account
        if path == "/v1/balance":
            return {"object": "balance", "livemode": False, "available": [], "pending": []}
        match = _ONE.match(path)
        if match is None:
            made: dict[tuple[str, str], Callable[[], Values]] = {
                ("POST", "/v1/customers"): lambda: account.new(
                    "cus", "customer", name=given.get("name"), email=given.get("email"),
                    metadata=given.get("metadata") or {}, balance=0, delinquent=False,
                ),
                ("POST", "/v1/payment_intents"): lambda: intents.create(
                    account, given, self.base_url
                ),
                ("POST", "/v1/checkout/sessions"): lambda: pages.create(
                    account, given, self.base_url
                ),
                ("POST", "/v1/refunds"): lambda: money_back.refund(account, given),
            }  # fmt: skip
            if (method, path) in made:
                return made[method, path]()
            return self._list(path, given)
        thing = account.get(match[2], _KINDS[match[1]])
        if method == "GET":
            return thing
        verbs: dict[str, Callable[[], Values]] = {
            "capture": lambda: intents.capture(account, thing, given),
            "cancel": lambda: intents.cancel(account, thing, given),
            "expire": lambda: pages.expire(account, thing),
            "detach": lambda: _detached(thing),
        }
        return verbs[str(match[3])]()

    def _list(self, path: str, given: Values) -> Values:
        kind = _KINDS[path.removeprefix("/v1/")]
        rows = [one for one in self.account.all(kind) if _is_asked(one, given)]
        after = given.get("starting_after")
        ids = [one["id"] for one in rows]
        start = ids.index(after) + 1 if after in ids else 0
        limit = int(given.get("limit") or 10)
        return {
            "object": "list", "url": path, "data": rows[start : start + limit],
            "has_more": len(rows) > start + limit,
        }  # fmt: skip

    def _shown(self, thing: Values, given: Values) -> Values:
        """A copy, with what was to be expanded in full and nothing that is the double's own."""
        copy: Values = json.loads(json.dumps(thing))
        expand = [str(one) for one in given.get("expand") or []]
        if copy.get("object") == "list":
            inner = [one.removeprefix("data.") for one in expand]
            copy["data"] = [self._grown(one, inner) for one in copy["data"]]
            return copy
        return self._grown(copy, expand)

    def _grown(self, copy: Values, expand: list[str]) -> Values:
        copy.pop("paid_by", None)
        for wish in expand:
            name, _dot, rest = wish.partition(".")
            ref = copy.get(name)
            if name not in _LINKS:
                raise Refusal(400, "parameter_invalid", f"This property cannot be expanded "
                              f"({name}).", at="expand")  # fmt: skip
            if isinstance(ref, str) and ref in self.account.objects:
                copy[name] = json.loads(json.dumps(self.account.objects[ref]))
            if rest and isinstance(copy.get(name), dict):
                copy[name] = self._grown(copy[name], [rest])
        return copy


def _detached(method: Values) -> Values:
    method["customer"] = None
    return method


def _is_asked(one: Values, given: Values) -> bool:
    least = int((given.get("created") or {}).get("gte") or 0) if isinstance(
        given.get("created"), dict) else 0  # fmt: skip
    if one["created"] < least:
        return False
    if "payout" in given and one.get("paid_by") != given["payout"]:
        return False
    names = ("customer", "payment_intent", "status")
    return all(one.get(name) == given[name] for name in names if name in given)


def faults_from(given: Any) -> Fault:
    """What a test wishes."""
    return Fault(
        path=str(given["path"]), kind=str(given["kind"]), when=str(given.get("when", "before")),
        times=int(given.get("times", 1)),
    )  # fmt: skip
