"""What is still missing before an operator is ready: a list that every floor adds to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership, Operator
from core.operators.models import TextKind
from core.operators.selectors import setup_of, texts_of
from core.plugins import plugged


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, where it is done, and whether it has been."""

    label: str | Promise
    url: str
    is_done: bool


StepSource = Callable[[Operator], Iterable[Step]]


def steps(operator: Operator) -> list[Step]:
    """All steps of the setting SETUP_STEPS, in their order."""
    sources: tuple[StepSource, ...] = plugged("SETUP_STEPS")
    return [step for source in sources for step in source(operator)]


def operator_steps(operator: Operator) -> list[Step]:
    """The steps of this room."""
    setup = setup_of(operator)
    kinds = set(texts_of(operator).order_by().values_list("kind", flat=True).distinct())
    tested = setup.mail_tested_at is not None and not setup.mail_test_error
    alone = Membership.objects.filter(operator=operator, is_active=True).count() < 2
    legal = setup.legal_name and setup.organisation_number and setup.address and setup.city
    return [
        Step(_("Enter legal name, number and address"), reverse("operator_legal"), bool(legal)),
        Step(
            _("Enter a bank account"), reverse("operator_bank"), bool(setup.bankgiro or setup.iban)
        ),
        Step(_("Enter the sender of mails"), reverse("operator_mail"), bool(setup.sender_email)),
        Step(_("Send a test mail"), reverse("operator_mail"), tested),
        Step(_("Publish your terms"), reverse("operator_texts"), TextKind.TERMS in kinds),
        Step(_("Publish your privacy text"), reverse("operator_texts"), TextKind.PRIVACY in kinds),
        Step(_("Add a logo"), reverse("operator_name"), bool(setup.logo_path)),
        Step(_("Invite a colleague"), reverse("member_list"), not alone),
    ]
