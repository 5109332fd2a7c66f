"""The contract check of the double: by the types that the package ships."""

from __future__ import annotations

import pytest

from tools.payment_double.contract import ContractProblem, check, decode, type_of

GOOD = (
    "amount=100&currency=sek&automatic_payment_methods[enabled]=true&metadata[ref]=x"
    "&expand[0]=latest_charge&off_session=true"
)


def test_what_is_right_passes() -> None:
    check(type_of("POST", "/v1/payment_intents"), decode(GOOD))


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ("&payment_method_types[0]=card", "parameter_unknown", "payment_method_types"),
        ("&automatic_payment_methods[enabld]=true", "parameter_unknown",
         "automatic_payment_methods[enabld]"),
        ("&amount=ten", "parameter_invalid", "amount"),
        ("&api_key=x", "parameter_unknown", "api_key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(change: str, code: str, at: str) -> None:
    with pytest.raises(ContractProblem) as problem:
        check(type_of("POST", "/v1/payment_intents"), decode(GOOD + change))

    assert (problem.value.code, problem.value.at) == (code, at)


def test_what_is_missing_and_what_is_not_known() -> None:
    with pytest.raises(ContractProblem, match="currency"):
        check(type_of("POST", "/v1/payment_intents"), decode("amount=1"))
    assert type_of("POST", "/v1/charges") is None
