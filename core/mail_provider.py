"""Sending by a provider's API; its refusals are those of a mail server, which callers know."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPException, SMTPRecipientsRefused

from anymail.backends.mailgun import EmailBackend
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage


class MailgunBackend(EmailBackend):
    """Mailgun behind Django's e-mail API."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many went. Raises SMTPRecipientsRefused, which is final, and SMTPException."""
        try:
            return int(super().send_messages(email_messages) or 0)
        except AnymailRecipientsRefused as refusal:
            raise SMTPRecipientsRefused({"": (550, str(refusal)[:300].encode())}) from refusal
        except AnymailError as failure:
            raise SMTPException(str(failure)[:300]) from failure
