"""E-mails from templates: ``emails/<name>.subject.txt``, ``.txt`` and ``.html``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


def send_mail(name: str, *, to: str, language: str, context: Mapping[str, Any]) -> None:
    """Send one e-mail in ``language``; raises what the mail server's refusal raises."""
    make_mail(name, to=to, language=language, context=context).send()


def make_mail(
    name: str, *, to: str, language: str, context: Mapping[str, Any]
) -> EmailMultiAlternatives:
    """One e-mail in ``language``, not sent yet."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        values = {"language": known, "public_url": settings.PUBLIC_URL, **context}
        subject = " ".join(render_to_string(f"emails/{name}.subject.txt", values).split())
        message = EmailMultiAlternatives(subject, render_to_string(f"emails/{name}.txt", values))
        message.attach_alternative(render_to_string(f"emails/{name}.html", values), "text/html")
    message.to = [to]
    return message


def mail_domain() -> str:
    """What ends our Message-IDs: the same on every host that sends for this installation."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
