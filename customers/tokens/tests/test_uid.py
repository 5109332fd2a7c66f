"""Forms of a UID."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from customers.tokens.uid import UidForms, normalise

HEX_UIDS = st.binary(min_size=4, max_size=10)


@given(HEX_UIDS, st.sampled_from(["", ":", "-", " ", "."]))
def test_every_spelling_of_a_hex_uid_is_the_same_card(octets: bytes, separator: str) -> None:
    spelled = separator.join(f"{octet:02x}" for octet in octets)

    forms = normalise(spelled)

    assert forms == normalise(spelled.upper()) == normalise(forms.uid)
    assert bytes.fromhex(forms.uid) == octets
    assert int(forms.decimal) == int.from_bytes(octets)
    assert normalise(forms.reversed).reversed == forms.uid


@given(st.text(max_size=40))
def test_any_text_has_forms_that_are_stable(text: str) -> None:
    forms = normalise(text)

    assert normalise(forms.uid) == forms


def test_a_mac_address_token_keeps_its_colon() -> None:
    assert normalise(" VID:001122334455 ") == UidForms("VID:001122334455", "", "")
