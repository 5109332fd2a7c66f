"""Linking people to what they are at an operator, and ending that."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit.services import record
from core.errors import RuleViolation
from core.operators.models import LegalText
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.selfservice.models import Consent, CustomerLogin, LoginKind


@transaction.atomic
def link(*, user: User, subject: Driver | Company) -> CustomerLogin:
    """Let a person be a driver, or look after a company.

    Refuses a driver who has a log-in, and a second driver or company of one person.
    """
    is_driver = isinstance(subject, Driver)
    kind = LoginKind.DRIVER if is_driver else LoginKind.COMPANY_ADMIN
    try:
        with transaction.atomic():
            login: CustomerLogin = CustomerLogin.objects.create(
                operator=subject.operator,
                user=user,
                kind=kind,
                **({"driver": subject} if is_driver else {"company": subject}),
            )
    except IntegrityError as error:
        raise RuleViolation(
            "linked_already", _("This person or driver is linked already. End that first.")
        ) from error
    record(
        "customer.link", subject, operator_id=subject.operator_id,
        after={"email": user.email, "kind": kind},
    )  # fmt: skip
    return login


@transaction.atomic
def end_login(*, login: CustomerLogin, reason: str = "") -> None:
    """The person sees nothing of this driver or company any more; the account itself stays."""
    changed = CustomerLogin.objects.filter(pk=login.pk, ended_at=None).update(
        ended_at=timezone.now()
    )
    if not changed:
        raise RuleViolation("login_ended", _("The log-in has ended already."))
    subject = login.driver or login.company
    assert subject is not None
    record(
        "customer.end_login", subject, operator_id=login.operator_id,
        before={"email": login.user.email, "kind": login.kind}, reason=reason,
    )  # fmt: skip


@transaction.atomic
def agree(*, user: User, texts: list[LegalText], source_ip: str | None) -> None:
    """Keep that the person agreed to these versions; repeats change nothing."""
    for text in texts:
        consent, is_new = Consent.objects.get_or_create(
            user=user, text=text,
            defaults={"operator_id": text.operator_id, "source_ip": source_ip},
        )  # fmt: skip
        if is_new:
            record(
                "customer.agree", consent, operator_id=text.operator_id,
                after={"kind": text.kind, "language": text.language, "version": text.version},
            )  # fmt: skip
