"""Whatever the OpenAPI document allows or forbids, no call ends in a fault of our own."""

from __future__ import annotations

import os
import warnings
from typing import Any

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Err, Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation

from portal.tests.api_world import World, patterns
from portal.tests.test_api_schema import drawn
from tests.factories.core import make_api_token

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

EXAMPLES = int(os.environ.get("FUZZ", "1"))
"""Of right and of wrong input each, to every operation; ``make walk FUZZ=50`` tries more."""
PARTS = 4
SLOW = {"wait"}
"""Members of a body that would only make the call wait."""


def operations() -> list[APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_dict(drawn())
    read = list(schema.get_all_operations())
    wrong = [found.err() for found in read if isinstance(found, Err)]
    assert not wrong
    return [found.ok() for found in read if isinstance(found, Ok)]


def leading(world: World) -> list[tuple[str, dict[str, str]]]:
    """Addresses that lead to rows, with their arguments."""
    addresses = [world.address(pattern) for pattern in patterns()]
    return [
        (address, {key: str(value) for key, value in resolve(address).kwargs.items()})
        for address in addresses
    ]


def path_of(
    operation: APIOperation[Any, Any, Any, Any], known: list[tuple[str, dict[str, str]]]
) -> dict[str, str] | None:
    """Arguments with which the operation finds its row."""
    for address, args in known:
        try:
            if operation.path.format(**args).rstrip("/") == address.rstrip("/"):
                return args
        except KeyError:
            continue
    return None


def sent(client: Client, secret: str, case: Any) -> Any:
    """The answer to a case; nothing of it stays in the database."""
    if isinstance(case.body, dict):
        case.body = {key: value for key, value in case.body.items() if key not in SLOW}
    wire = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {str(name): str(value) for name, value in wire.headers.items()}
    headers |= {"Authorization": f"Bearer {secret}"}
    with transaction.atomic():
        answer = client.generic(
            str(wire.method),
            str(wire.path_url),
            wire.body or b"",
            headers.pop("Content-Type", "application/json"),
            headers=headers,
        )
        transaction.set_rollback(True)
    return answer


def faults(
    operation: APIOperation[Any, Any, Any, Any], client: Client, secret: str, args: Any
) -> list[str]:
    """What went wrong in some right and some wrong calls of one operation."""
    found: list[str] = []

    def attempt(case: Any) -> None:
        answer = sent(client, secret, case)
        if answer.status_code >= 500:
            kind = getattr(answer, "exc_info", None)
            found.append(f"{case.as_curl_command()}\n    {answer.status_code} {kind and kind[1]!r}")
        elif answer.status_code >= 400 and "json" not in answer["Content-Type"]:
            found.append(f"{case.as_curl_command()}\n    {answer.status_code} is no problem")

    for mode in GenerationMode:
        strategy = operation.as_strategy(generation_mode=mode, path_parameters=args)
        limits = settings(
            max_examples=EXAMPLES,
            database=None,
            derandomize=True,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        limits(given(case=strategy)(attempt))()
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_call_ends_in_a_fault_of_ours(part: int) -> None:
    world = World()
    known = list(leading(world))
    _token, secret = make_api_token(operator=world.operator)
    client = Client(raise_request_exception=False)
    mine = operations()[part::PARTS]

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in mine:
            found += faults(operation, client, secret, path_of(operation, known))

    assert len(mine) > 20
    assert not found, "\n".join(found)
