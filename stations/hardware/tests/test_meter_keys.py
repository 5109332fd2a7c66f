"""Public keys of meters: read from what people have, refused when they are none."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from rest_framework.test import APIClient

from core.accounts.permissions import Role
from core.imports.values import BadValueError
from core.tenancy.scopes import operator_scope
from stations.hardware.imports import NO_ID, read_keys
from stations.hardware.meter_keys import meter_key
from stations.hardware.models import Evse
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_station

DER, INFO = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
PUBLIC = ec.generate_private_key(ec.SECP256R1()).public_key()
KEY = PUBLIC.public_bytes(DER, INFO)
OTHER = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(DER, INFO)


@pytest.mark.parametrize(
    "text",
    [
        KEY.hex().upper(),
        KEY.hex(":"),
        base64.b64encode(KEY).decode(),
        PUBLIC.public_bytes(serialization.Encoding.PEM, INFO).decode(),
    ],
)
def test_a_key_has_one_form_however_it_is_written(text: str) -> None:
    assert meter_key(text) == KEY.hex()
    assert meter_key(meter_key(text)) == KEY.hex()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("nonsense", id="word"),
        pytest.param(KEY.hex()[:-2], id="cut"),
        pytest.param(OTHER.hex(), id="other-kind"),
        pytest.param("00", id="short"),
        pytest.param("é", id="letter"),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        meter_key(text)
    with pytest.raises(BadValueError):
        read_keys([text], 1)


def test_an_import_gives_one_key_for_each_evse() -> None:
    assert read_keys([KEY.hex(), NO_ID], 2) == [KEY.hex(), NO_ID]
    with pytest.raises(BadValueError):
        read_keys([KEY.hex()], 2)


@pytest.mark.django_db
def test_the_key_is_set_over_the_api_and_a_wrong_one_changes_nothing() -> None:
    operator = make_operator()
    station = make_station(operator=operator)
    client = APIClient()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    url = f"/api/v1/stations/{station.public_id}/evses/1"

    given = [
        client.patch(url, {"meter_public_key": text}, format="json")
        for text in (base64.b64encode(KEY).decode(), "nonsense")
    ]

    assert [one.status_code for one in given] == [200, 422]
    with operator_scope(operator):
        assert Evse.objects.get(station=station).meter_public_key == KEY.hex()
