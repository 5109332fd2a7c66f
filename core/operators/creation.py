"""Creating an operator with its first owner."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.models import Membership, Operator, User
from core.accounts.permissions import Role
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.operators.values import checked
from core.plugins import plugged
from core.tenancy.scopes import operator_scope

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_PARTY: Final = re.compile(r"[A-Z0-9]{3}")


@dataclass(frozen=True, slots=True)
class NewOperator:
    """What was made: the operator, its owner, and whether the owner is new here."""

    operator: Operator
    owner: User
    is_new_person: bool


@transaction.atomic
def create_operator(
    *,
    name: str,
    slug: str,
    country_code: str,
    party_id: str,
    owner_email: str,
    language: str = "sv",
    time_zone: str = "Europe/Stockholm",
    currency: str = "SEK",
) -> NewOperator:
    """Create an operator, its owner unless the person exists, and what every floor wants an
    operator to begin with (AFTER_CREATING_OPERATOR).

    Refuses a taken short name, a taken country and party id, and bad values.
    """
    country_code, party_id = country_code.strip().upper(), party_id.strip().upper()
    _check_ids(slug, country_code, party_id, owner_email)
    values = {"name": name, "language": language, "time_zone": time_zone, "currency": currency}
    values = checked(values, country_code=country_code)
    _refuse_taken(slug, country_code, party_id)
    try:
        with transaction.atomic():
            operator = Operator.objects.create(
                slug=slug, country_code=country_code, party_id=party_id, **values
            )
    except IntegrityError as error:
        raise _slug_taken(slug) from error
    owner = User.objects.filter(email__iexact=owner_email.strip()).first()
    is_new = owner is None
    if owner is None:
        owner = User.objects.create_user(owner_email.strip(), language=language)
    with operator_scope(operator):
        Membership.objects.create(operator=operator, user=owner, role=Role.OWNER)
        after = {**values, "slug": slug, "country_code": country_code, "party_id": party_id}
        record("operator.create", operator, operator_id=operator.pk, after=after)
        record("member.add", operator, operator_id=operator.pk, after={"owner": owner.email})
        begin: Callable[[Operator], object]
        for begin in plugged("AFTER_CREATING_OPERATOR"):
            begin(operator)
    return NewOperator(operator, owner, is_new)


def _check_ids(slug: str, country_code: str, party_id: str, owner_email: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError as error:
        text = _("The short name has letters, digits, - and _ alone.")
        raise InvalidInput("slug", text, field="slug") from error
    if not _COUNTRY.fullmatch(country_code):
        text = _("Write the two letters of the country, as SE.")
        raise InvalidInput("country", text, field="country_code")
    if not _PARTY.fullmatch(party_id):
        text = _("The party id has three letters or digits, as ABC in SE*ABC.")
        raise InvalidInput("party_id", text, field="party_id")
    try:
        validate_email(owner_email.strip())
    except ValidationError as error:
        text = _("This is no e-mail address.")
        raise InvalidInput("email", text, field="owner_email") from error


def _refuse_taken(slug: str, country_code: str, party_id: str) -> None:
    if Operator.objects.filter(slug=slug).exists():
        raise _slug_taken(slug)
    taken = Operator.objects.filter(country_code=country_code, party_id=party_id).first()
    if taken is not None:
        raise RuleViolation(
            "party_taken",
            _("%(party)s belongs to the operator %(name)s.")
            % {"party": f"{country_code}*{party_id}", "name": taken.slug},
            field="party_id",
        )


def _slug_taken(slug: str) -> RuleViolation:
    text = _("There is an operator with the short name %(slug)s.") % {"slug": slug}
    return RuleViolation("slug_taken", text, field="slug")


def password_link(user: User) -> str:
    """A link by which a person sets a password, once and within three days."""
    key = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )
    return settings.PUBLIC_URL + path
