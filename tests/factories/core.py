"""Operators, people and API tokens for tests. Rows of a tenant need no scope here."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from core.accounts.apitokens import create_api_token
from core.accounts.models import ApiToken, Membership, Operator, User
from core.accounts.permissions import Permission, Role
from core.tenancy.scopes import across_operators

_numbers = itertools.count(1)


def number() -> int:
    """A number that no other row of this run has."""
    return next(_numbers)


def make_operator(**fields: Any) -> Operator:
    """An operator with a name of its own."""
    n = number()
    values = {"name": f"Operator {n}", "slug": f"operator-{n}", "party_id": "ABC"} | fields
    return Operator.objects.create(**values)


def make_person(*, operator: Operator | None = None, role: str = Role.OWNER, **fields: Any) -> User:
    """A user; a member of ``operator`` with ``role`` when one is given."""
    n = number()
    user = User.objects.create_user(**({"email": f"person{n}@example.com"} | fields))
    if operator is not None:
        with across_operators("tests make rows of any operator"):
            Membership.objects.create(operator=operator, user=user, role=role)
    return user


def make_api_token(
    *, operator: Operator, permissions: Iterable[str] = Permission.values, **fields: Any
) -> tuple[ApiToken, str]:
    """An API token and its secret; every permission unless told."""
    with across_operators("tests make rows of any operator"):
        return create_api_token(
            operator=operator, permissions=permissions, **({"name": f"Token {number()}"} | fields)
        )
