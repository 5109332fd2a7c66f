"""Whether a request is one that Stripe takes: by the types that the ``stripe`` package ships.

Unknown names, missing ones and wrong types are found, at any depth. Misspelt values of open
enumerations are not: the package types them as any text.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from stripe import RequestOptions, StripeContext, params
from stripe.params import checkout

_NOT_SENT: Final = frozenset(RequestOptions.__annotations__)
_NAMES: Final = {"StripeContext": StripeContext, "Mapping": Mapping}
_PART: Final = re.compile(r"[^\[\]]+")
_ID: Final = r"/([A-Za-z0-9_]+)"
TYPES: Final[tuple[tuple[str, str, Any], ...]] = (
    ("GET", "/v1/balance", params.BalanceRetrieveParams),
    ("POST", "/v1/customers", params.CustomerCreateParams),
    ("POST", f"/v1/payment_methods{_ID}/detach", params.PaymentMethodDetachParams),
    ("POST", "/v1/payment_intents", params.PaymentIntentCreateParams),
    ("GET", "/v1/payment_intents", params.PaymentIntentListParams),
    ("GET", f"/v1/payment_intents{_ID}", params.PaymentIntentRetrieveParams),
    ("POST", f"/v1/payment_intents{_ID}/capture", params.PaymentIntentCaptureParams),
    ("POST", f"/v1/payment_intents{_ID}/cancel", params.PaymentIntentCancelParams),
    ("POST", "/v1/checkout/sessions", checkout.SessionCreateParams),
    ("GET", "/v1/checkout/sessions", checkout.SessionListParams),
    ("GET", f"/v1/checkout/sessions{_ID}", checkout.SessionRetrieveParams),
    ("POST", f"/v1/checkout/sessions{_ID}/expire", checkout.SessionExpireParams),
    ("POST", "/v1/refunds", params.RefundCreateParams),
    ("GET", "/v1/refunds", params.RefundListParams),
    ("GET", f"/v1/refunds{_ID}", params.RefundRetrieveParams),
    ("GET", f"/v1/disputes{_ID}", params.DisputeRetrieveParams),
    ("GET", "/v1/payouts", params.PayoutListParams),
    ("GET", f"/v1/payouts{_ID}", params.PayoutRetrieveParams),
    ("GET", "/v1/balance_transactions", params.BalanceTransactionListParams),
)


class ContractProblem(Exception):
    """What Stripe would refuse, and at which parameter."""

    def __init__(self, code: str, at: str, message: str) -> None:
        super().__init__(message)
        self.code, self.at, self.message = code, at, message


def decode(encoded: str) -> dict[str, Any]:
    """``a[b][0]=1&a[c]=2`` as nested values; all of them texts."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        parts = _PART.findall(name)
        at = root
        for part in parts[:-1]:
            at = at.setdefault(part, {})
        at[parts[-1]] = value
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(inner) for key, inner in value.items()}


def type_of(method: str, path: str) -> Any:
    """The type of what is sent there; None where the double knows no such path."""
    for one, pattern, kind in TYPES:
        if one == method and re.fullmatch(pattern, path):
            return kind
    return None


def check(kind: Any, values: Mapping[str, Any], at: str = "") -> None:
    """Raises ContractProblem for the first thing that is wrong."""
    hints = _hints(kind)
    for name in values:
        if name not in hints or (not at and name in _NOT_SENT):
            where = f"{at}[{name}]" if at else name
            raise ContractProblem(
                "parameter_unknown", where, f"Received unknown parameter: {where}"
            )
    for name in kind.__required_keys__ - set(_NOT_SENT):
        if name not in values:
            where = f"{at}[{name}]" if at else name
            raise ContractProblem("parameter_missing", where, f"Missing required param: {where}.")
    for name, value in values.items():
        where = f"{at}[{name}]" if at else name
        if not _fits(value, hints[name], where):
            raise ContractProblem(
                "parameter_invalid", where, f"Invalid value for {where}: {value!r}"
            )


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, localns=_NAMES)


def _fits(value: Any, wanted: Any, at: str) -> bool:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _fits_one(value, get_args(wanted), at)
    if origin is Literal:
        return value in get_args(wanted)
    if origin in (list, tuple):
        inner = get_args(wanted)[0]
        return isinstance(value, list) and all(_fits(one, inner, at) for one in value)
    if origin is dict:
        return isinstance(value, dict)
    # Of typing_extensions, whose TypedDicts the standard library does not know on 3.11.
    if hasattr(wanted, "__required_keys__"):
        if not isinstance(value, dict):
            return False
        check(wanted, value, at)
        return True
    return _is_plain(value, wanted)


def _fits_one(value: Any, kinds: tuple[Any, ...], at: str) -> bool:
    """A refusal inside is only told where no other kind fits."""
    problem: ContractProblem | None = None
    for kind in kinds:
        try:
            if _fits(value, kind, at):
                return True
        except ContractProblem as found:
            problem = found
    if problem is not None:
        raise problem
    return False


def _is_plain(value: Any, wanted: Any) -> bool:
    if not isinstance(value, str):
        return False
    if wanted is bool:
        return value in ("true", "false")
    if wanted is int:
        return bool(re.fullmatch(r"-?\d{1,18}", value))
    if wanted is float:
        return bool(re.fullmatch(r"-?\d+(\.\d+)?", value))
    return wanted is str
