"""Inviting people: sending, withdrawing, accepting."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Membership, Operator, User
from core.audit.models import ActorKind
from core.audit.services import Actor, record
from core.errors import InvalidInput, RuleViolation
from core.mail import send_mail
from core.members.announce import announce
from core.members.links import token_of
from core.members.models import Invitation, new_nonce
from core.members.services import check_role
from core.tenancy.places import Holder, place_source

logger = logging.getLogger(__name__)
VALID_FOR: Final = timedelta(days=7)


@transaction.atomic
def invite(
    *,
    operator: Operator,
    email: str,
    role: str,
    name: str = "",
    is_limited: bool = False,
    places: Collection[int] = (),
    language: str = "",
    by: User | None = None,
) -> Invitation:
    """Invite a person by e-mail; refuses members and addresses that are invited already."""
    address = checked_address(email)
    check_role(role, is_limited=is_limited)
    _refuse_member(operator, address)
    invitation = Invitation(
        operator=operator,
        email=address,
        name=name.strip(),
        role=role,
        is_limited=is_limited,
        places=_places(places) if is_limited else [],
        language=language or operator.language,
        invited_by=by,
        expires_at=timezone.now() + VALID_FOR,
    )
    invitation.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        raise RuleViolation(
            "invited_already",
            _("This address has been invited already. Send that invitation again."),
            field="email",
        ) from error
    after = {"email": address, "role": role, "is_limited": is_limited, "sites": places}
    record("invitation.create", invitation, operator_id=operator.pk, after=after)
    announce(invitation.pk)
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation) -> Invitation:
    """Send again with a new link and a new time to accept; older links end."""
    row = _open(invitation)
    row.nonce, row.sent_at, row.expires_at = new_nonce(), None, timezone.now() + VALID_FOR
    row.save(update_fields=["nonce", "sent_at", "expires_at"])
    record("invitation.resend", row, operator_id=row.operator_id, after={"email": row.email})
    announce(row.pk)
    return row


@transaction.atomic
def withdraw(*, invitation: Invitation, reason: str = "") -> Invitation:
    """Make the link useless."""
    row = _open(invitation)
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    record(
        "invitation.withdraw",
        row,
        operator_id=row.operator_id,
        after={"email": row.email},
        reason=reason,
    )
    return row


@transaction.atomic
def accept_as_new(
    *, invitation: Invitation, name: str, password: str, source_ip: str | None = None
) -> User:
    """Make the account and the membership; refuses a weak password or a taken address."""
    row = _acceptable(invitation)
    if account_of(row.email) is not None:
        raise RuleViolation("has_account", _("There is an account with this address: log in."))
    user = make_account(email=row.email, name=name, password=password, language=row.language)
    _join(row, user, source_ip)
    return user


@transaction.atomic
def accept_as(*, invitation: Invitation, user: User, source_ip: str | None = None) -> Membership:
    """Make the person who is logged in a member; only the one who was invited."""
    row = _acceptable(invitation)
    if user.email.lower() != row.email.lower():
        raise RuleViolation("other_person", _("The invitation is for another address."))
    return _join(row, user, source_ip)


def send_due(now: datetime, *, pk: int | None = None) -> int:
    """Send the e-mails that wait, all or one; one that fails waits for the next time."""
    due = Invitation.objects.filter(
        sent_at=None, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    keys = (due if pk is None else due.filter(pk=pk)).order_by("pk").values_list("pk", flat=True)
    return sum(_send(key, now) for key in list(keys[:100]))


def _send(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(skip_locked=True, of=("self",))
        row = rows.select_related("operator", "invited_by").filter(pk=pk, sent_at=None).first()
        if row is None:
            return False
        try:
            send_mail("invitation", to=row.email, language=row.language, context=_letter(row))
        except OSError:
            logger.warning("invitation %s was not sent; it is tried again", pk, exc_info=True)
            return False
        row.sent_at = now
        row.save(update_fields=["sent_at"])
    return True


def link_of(invitation: Invitation) -> str:
    """The address that the invited person opens."""
    return settings.PUBLIC_URL + reverse("join", args=[token_of(invitation)])


def account_of(email: str) -> User | None:
    """The account with this address, in any letter case."""
    return User.objects.filter(email__iexact=email).first()


@transaction.atomic
def make_account(*, email: str, name: str, password: str, language: str) -> User:
    """An account for who opened a link, and so reads the mail of the address; refuses a weak
    password."""
    user = User(email=email, name=name.strip(), language=language)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def checked_address(email: str) -> str:
    """Without blanks around it; refuses what is no address."""
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidInput("email", str(error.messages[0]), field="email") from error
    return address


def _letter(row: Invitation) -> dict[str, object]:
    return {"invitation": row, "operator": row.operator, "link": link_of(row)}


def _refuse_member(operator: Operator, address: str) -> None:
    member = Membership.objects.filter(operator=operator, user__email__iexact=address).first()
    if member is None:
        return
    if member.is_active:
        raise RuleViolation("member_already", _("This person is a member already."), field="email")
    raise RuleViolation(
        "member_inactive",
        _("This person is a member who has been deactivated: reactivate them instead."),
        field="email",
    )


def _places(places: Collection[int]) -> list[int]:
    known = {pk for pk, _name in place_source().choices()}
    if set(places) - known:
        raise InvalidInput("unknown_site", _("There is no such site."), field="sites")
    return sorted(set(places))


def _open(invitation: Invitation) -> Invitation:
    row: Invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_at is not None:
        raise RuleViolation("invitation_accepted", _("The invitation has been accepted already."))
    if row.withdrawn_at is not None:
        raise RuleViolation("invitation_withdrawn", _("The invitation has been withdrawn."))
    return row


def _acceptable(invitation: Invitation) -> Invitation:
    row = _open(invitation)
    if row.nonce != invitation.nonce or row.expires_at <= timezone.now():
        raise RuleViolation(
            "invitation_expired", _("The invitation is too old. Ask for a new one.")
        )
    return row


def _join(row: Invitation, user: User, source_ip: str | None) -> Membership:
    if Membership.objects.filter(operator_id=row.operator_id, user=user).exists():
        raise RuleViolation("member_already", _("You are a member already."))
    membership: Membership = Membership.objects.create(
        operator_id=row.operator_id, user=user, role=row.role, is_limited=row.is_limited
    )
    source = place_source()
    known = {pk for pk, _name in source.choices()}
    source.assign(Holder.MEMBER, membership.pk, row.operator_id, set(row.places) & known)
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    record(
        "invitation.accept",
        membership,
        operator_id=row.operator_id,
        after={"email": row.email, "role": row.role, "is_limited": row.is_limited},
        actor=Actor(ActorKind.PERSON, f"{user} <{user.email}>", user.pk, source_ip=source_ip),
    )
    return membership
