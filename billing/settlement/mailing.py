"""An issued statement by mail to its host, in the host's language."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from billing.settlement.models import Statement
from billing.settlement.selectors import host_language
from billing.settlement.statement_pdf import statement_name, statement_pdf
from core.audit.services import record
from core.errors import RuleViolation
from core.letters.services import send_letter
from core.operators.mail import compose, why_not_sent
from core.operators.selectors import setup_of

LETTER: Final = "statement"


class StatementLetters:
    """Letters with statements; that one came back is told on the statement's page."""

    kind = LETTER

    def came_back(self, _letter: object) -> None:
        """Nothing changes: the statement stands, whoever read it."""


letters = StatementLetters()


@transaction.atomic
def send_statement(*, statement: Statement, reason: str = "") -> Statement:
    """Send an issued statement to its host's address, as PDF. Refuses drafts, hosts without an
    address, and tells what the mail server refuses."""
    if statement.is_draft:
        raise RuleViolation("draft", _("A draft is not sent: issue it first."))
    address = statement.host.email
    if not address:
        raise RuleViolation("no_address", _("The host has no e-mail address."))
    language = host_language(statement)
    with translation.override(language):
        message = compose(
            "statement",
            operator=statement.operator,
            setup=setup_of(statement.operator),
            to=address,
            context={"statement": statement},
        )
        data = statement_pdf(statement, language=language)
    message.attach(statement_name(statement), data, "application/pdf")
    error = why_not_sent(
        message,
        partial(
            send_letter, operator_id=statement.operator_id, kind=LETTER, ref=statement.public_id
        ),
    )
    if error:
        raise RuleViolation("not_sent", _("It was not sent: %(error)s") % {"error": error})
    record(
        "statement.send",
        statement,
        operator_id=statement.operator_id,
        after={"to": address, "language": language},
        reason=reason,
    )
    return statement
