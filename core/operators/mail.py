"""Mail in the operator's name."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formataddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

from core.accounts.models import Operator
from core.operators.models import OperatorSetup


def sender_of(operator: Operator, setup: OperatorSetup) -> tuple[str, list[str]]:
    """From and Reply-To: the operator's own, or the installation's address in its name."""
    name = setup.sender_name or operator.name
    address = setup.sender_email or settings.DEFAULT_FROM_EMAIL
    if "<" in address:
        return address, [setup.reply_to] if setup.reply_to else []
    return formataddr((name, address)), [setup.reply_to] if setup.reply_to else []


def compose(
    template: str,
    *,
    operator: Operator,
    setup: OperatorSetup,
    to: str,
    context: dict[str, object],
) -> EmailMultiAlternatives:
    """A mail of ``templates/emails/<template>.{subject.txt,txt,html}`` in the active language."""
    words = {
        "operator": operator,
        "language": get_language() or settings.LANGUAGE_CODE,
        "portal_url": settings.PUBLIC_URL,
        "public_url": settings.PUBLIC_URL,
        **context,
    }
    sender, reply_to = sender_of(operator, setup)
    subject = render_to_string(f"emails/{template}.subject.txt", words)
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string(f"emails/{template}.txt", words),
        sender,
        [to],
        reply_to=reply_to,
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"emails/{template}.html", words), "text/html")
    return message


def why_not_sent(
    message: EmailMultiAlternatives, send: Callable[[EmailMultiAlternatives], object] | None = None
) -> str:
    """Send, as a letter where ``send`` does so; empty when the server took it, else what it
    said."""
    try:
        if send is None:
            message.send()
        else:
            send(message)
    except (SMTPException, OSError) as error:
        return f"{type(error).__name__}: {error}"[:500]
    return ""
