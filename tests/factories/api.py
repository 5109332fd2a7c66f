"""Calling the API in tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.test import APIClient

from core.accounts.models import Operator
from core.accounts.permissions import Permission
from tests.factories.core import make_api_token


def api_client(
    operator: Operator, permissions: Iterable[str] = Permission.values, **token: Any
) -> APIClient:
    """A client with a bearer token of ``operator``; every permission unless told."""
    _token, secret = make_api_token(operator=operator, permissions=permissions, **token)
    client = APIClient(raise_request_exception=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client
