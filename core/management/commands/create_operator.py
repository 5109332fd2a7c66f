"""``manage.py create-operator``: the first run of an installation, and every further tenant."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from core.errors import RuleViolation
from core.operators.creation import NewOperator, create_operator, password_link
from core.operators.mail import compose, why_not_sent
from core.operators.models import OperatorSetup


class Command(BaseCommand):
    help = (
        "Create an operator and its owner. Prints a link by which the owner sets a password, "
        "alone on standard output; with --mail it is sent to the owner instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="as people read it")
        parser.add_argument("--slug", required=True, help="short name: letters, digits, - and _")
        parser.add_argument("--country", default="SE", help="two letters, as in EVSE ids")
        parser.add_argument("--party-id", required=True, help="three signs, as ABC in SE*ABC*E1")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="who may do everything")
        parser.add_argument("--language", default="sv", help="en or sv")
        parser.add_argument("--time-zone", default="Europe/Stockholm")
        parser.add_argument("--currency", default="SEK")
        parser.add_argument("--mail", action="store_true", help="send the link to the owner")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = create_operator(
                name=options["name"],
                slug=options["slug"],
                country_code=options["country"],
                party_id=options["party_id"],
                owner_email=options["owner"],
                language=options["language"],
                time_zone=options["time_zone"],
                currency=options["currency"],
            )
        except RuleViolation as refusal:
            raise CommandError(refusal.message) from refusal
        self.stderr.write(
            f"Operator {made.operator} ({made.operator.slug}); owner {made.owner.email}."
        )
        if made.owner.has_usable_password():
            self.stderr.write("The owner has a password here already and logs in with it.")
        elif options["mail"]:
            self._mail(made)
        else:
            self.stderr.write("The owner sets a password here, once, within three days:")
            self.stdout.write(password_link(made.owner))

    def _mail(self, made: NewOperator) -> None:
        with override(made.owner.language):
            message = compose(
                "set_password",
                operator=made.operator,
                setup=OperatorSetup(operator=made.operator),
                to=made.owner.email,
                context={"link": password_link(made.owner)},
            )
        error = why_not_sent(message)
        if error:
            self.stderr.write(f"The mail was not sent: {error}. Give the owner this link:")
            self.stdout.write(password_link(made.owner))
        else:
            self.stderr.write(f"The link went to {made.owner.email}.")
