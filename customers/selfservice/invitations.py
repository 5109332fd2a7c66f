"""Inviting drivers and who looks after companies: sending, withdrawing, accepting."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit.services import current_actor, record
from core.errors import RuleViolation
from core.members.invitations import checked_address
from core.soon import soon
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.selfservice.links import state_of
from customers.selfservice.logins import link
from customers.selfservice.models import CustomerInvitation, CustomerLogin, LoginKind, new_nonce
from customers.selfservice.tasks import send_customer_invitations

VALID_FOR: Final = timedelta(days=14)


@transaction.atomic
def invite_customer(*, subject: Driver | Company, email: str) -> CustomerInvitation:
    """Invite a driver, or somebody to look after a company; one that waits is sent anew.

    Refuses a driver who has a log-in already, and what is no address.
    """
    address = checked_address(email)
    is_driver = isinstance(subject, Driver)
    own = {"driver": subject} if is_driver else {"company": subject}
    if is_driver and CustomerLogin.objects.filter(driver=subject, ended_at=None).exists():
        raise RuleViolation("has_login", _("The driver has a log-in already."), field="email")
    waiting = CustomerInvitation.objects.filter(accepted_at=None, withdrawn_at=None, **own)
    if not is_driver:
        waiting = waiting.filter(email__iexact=address)
    now = timezone.now()
    row = waiting.select_for_update().first() or CustomerInvitation(
        operator=subject.operator,
        kind=LoginKind.DRIVER if is_driver else LoginKind.COMPANY_ADMIN,
        **own,
    )
    row.email, row.nonce, row.sent_at, row.expires_at = address, new_nonce(), None, now + VALID_FOR
    row.language = getattr(subject, "language", "") or subject.operator.language
    row.invited_label = current_actor.get().label[:200]
    row.full_clean(validate_constraints=False)
    _save(row)
    record(
        "customer.invite", subject, operator_id=row.operator_id,
        after={"email": address, "kind": row.kind},
    )  # fmt: skip
    soon(send_customer_invitations)
    return row


def _save(row: CustomerInvitation) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RuleViolation("invited_already", _("Somebody invites this person now.")) from error


@transaction.atomic
def withdraw_invitation(*, invitation: CustomerInvitation) -> None:
    """Make the link useless; refuses one that has ended."""
    changed = CustomerInvitation.objects.filter(
        pk=invitation.pk, accepted_at=None, withdrawn_at=None
    ).update(withdrawn_at=timezone.now())
    if not changed:
        raise RuleViolation("invitation_ended", _("The invitation has ended already."))
    subject = invitation.driver or invitation.company
    assert subject is not None
    record(
        "customer.withdraw_invitation", subject, operator_id=invitation.operator_id,
        after={"email": invitation.email},
    )  # fmt: skip


@transaction.atomic
def accept_invitation(*, invitation: CustomerInvitation, user: User) -> CustomerLogin:
    """Link the person to the driver or the company; only the one who was invited, and once."""
    row = CustomerInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if row.nonce != invitation.nonce or state_of(row, timezone.now()) != "open":
        raise RuleViolation("invitation_ended", _("The invitation has ended. Ask for a new one."))
    if user.email.lower() != row.email.lower():
        raise RuleViolation("other_person", _("The invitation is for another address."))
    subject = row.driver or row.company
    assert subject is not None
    login = link(user=user, subject=subject)
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    return login
