"""No secret of a command is ever shown."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stations.commands.masking import masked

SECRET = "s3cr3t-value"
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=10,
)
HIDDEN = st.sampled_from(
    [
        {"key": "AuthorizationKey", "value": SECRET},
        {"key": "SecurityCtrlr.BasicAuthPassword", "value": SECRET},
        {"variable": {"name": "BasicAuthPassword"}, "attributeValue": SECRET},
        {"component": "SecurityCtrlr", "variable": "basicauthpassword", "value": SECRET},
        {"apn": {"apnPassword": SECRET}},
        {"password": SECRET},
        {"url": f"ftp://user:{SECRET}@example.com/log"},
        {"new_password_digest": SECRET},
    ]
)


def wrapped(value: Any, around: list[Any]) -> Any:
    """``value`` somewhere inside ``around``."""
    for one in around:
        value = {"inside": value, "beside": one} if isinstance(one, dict) else [one, value]
    return value


@given(HIDDEN, st.lists(PLAIN, max_size=3))
def test_a_secret_is_hidden_however_deep_it_lies(hidden: dict[str, Any], around: list[Any]) -> None:
    assert SECRET not in str(masked(wrapped(hidden, around)))


@given(PLAIN)
def test_what_is_no_secret_is_shown_as_it_is_and_masking_twice_changes_nothing(
    value: Any,
) -> None:
    assert masked(masked(value)) == masked(value)
    assert masked({"key": "HeartbeatInterval", "value": "60"}) == {
        "key": "HeartbeatInterval",
        "value": "60",
    }
