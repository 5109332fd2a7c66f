"""``manage.py create-api-token``: make an API token and print it, this once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.accounts.apitokens import create_api_token
from core.accounts.models import Operator
from core.accounts.permissions import WHOLE_OPERATOR, Permission
from core.errors import RuleViolation
from core.tenancy.places import place_source
from core.tenancy.scopes import operator_scope


class Command(BaseCommand):
    help = (
        "Make an API token of an operator and print it alone on standard output; "
        "it is not shown again. Permissions: " + ", ".join(Permission.values)
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--operator", help="short name; not needed where there is one")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument(
            "--permission",
            action="append",
            metavar="NAME",
            help="may be given many times; every permission unless given",
        )
        parser.add_argument(
            "--site",
            action="append",
            metavar="ID",
            help="public id of a site; may be given many times; the token works with these alone",
        )
        parser.add_argument("--days", type=int, help="days until it expires; never unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        operator = _operator(options["operator"])
        days = options["days"]
        if days is not None and days < 1:
            raise CommandError("--days: give at least 1.")
        try:
            with operator_scope(operator):
                places = _places(options["site"])
                token, secret = create_api_token(
                    operator=operator,
                    name=options["name"],
                    permissions=options["permission"] or _every(is_limited=bool(places)),
                    places=places or None,
                    expires_at=timezone.now() + timedelta(days=days) if days else None,
                )
        except RuleViolation as refusal:
            raise CommandError(refusal.message) from refusal
        self.stderr.write(f"API token {token} of {operator}; use it as Authorization: Bearer")
        self.stdout.write(secret)


def _every(*, is_limited: bool) -> list[str]:
    return [p for p in Permission.values if not (is_limited and p in WHOLE_OPERATOR)]


def _places(public_ids: list[str] | None) -> list[int]:
    wanted = public_ids or []
    known = place_source().keys(wanted)
    missing = [one for one in wanted if one not in known]
    if missing:
        raise CommandError(f"--site: there is no site {', '.join(missing)}.")
    return list(known.values())


def _operator(slug: str | None) -> Operator:
    operators = Operator.objects.filter(is_active=True)
    if slug is not None:
        found = operators.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no operator {slug}. There are: {_names()}")
        return found
    rows = list(operators[:2])
    if len(rows) != 1:
        raise CommandError(f"Say which operator with --operator. There are: {_names()}")
    return rows[0]


def _names() -> str:
    slugs = Operator.objects.filter(is_active=True).values_list("slug", flat=True)
    return ", ".join(slugs) or "none"
