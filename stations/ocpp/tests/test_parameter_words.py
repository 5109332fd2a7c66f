"""Every parameter of a command has a label in words, and its choices too."""

from __future__ import annotations

import re

import pytest

from stations.ocpp.outbound import COMMANDS, Parameter
from stations.ocpp.parameter_words import CHOICES, LABELS, choice_of, label_of

_PARAMETERS = {
    (command.name, parameter.name): parameter
    for command in COMMANDS.values()
    for parameter in command.parameters
}
_OF_THE_PROTOCOL = {
    "central", "emaid", "keycode", "local", "mac_address", "no_authorization",
}  # fmt: skip


@pytest.mark.parametrize("parameter", _PARAMETERS.values(), ids=map("-".join, _PARAMETERS))
def test_a_parameter_has_words(parameter: Parameter) -> None:
    assert parameter.name in LABELS
    plain = {word for word in parameter.choices if re.fullmatch(r"[a-z_0-9]+(?<!\d)", word)}
    assert plain - _OF_THE_PROTOCOL <= set(CHOICES)


def test_no_word_is_left_over() -> None:
    parameters = _PARAMETERS.values()

    assert set(LABELS) == {parameter.name for parameter in parameters}
    assert set(CHOICES) <= {word for parameter in parameters for word in parameter.choices}


def test_names_of_the_protocol_keep_their_spelling() -> None:
    assert choice_of("sType2") == "sType2"
    assert label_of("of_tomorrow") == "Of tomorrow"
