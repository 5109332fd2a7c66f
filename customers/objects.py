"""What history and notes can hang on: companies, drivers, id tokens, support cases."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.support.models import SupportCase
from customers.tokens.models import IdToken


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="case",
            label=_("Support case"),
            model=SupportCase,
            rows=SupportCase.objects.all,
            url=lambda case: reverse("case_detail", args=[case.public_id]),
            view=Permission.CASE_VIEW,
        ),
        ObjectKind(
            name="company",
            label=_("Company"),
            model=Company,
            rows=Company.objects.all,
            url=lambda company: reverse("company_detail", args=[company.public_id]),
            view=Permission.DRIVER_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="driver",
            label=_("Driver"),
            model=Driver,
            rows=Driver.objects.all,
            url=lambda driver: reverse("driver_detail", args=[driver.public_id]),
            view=Permission.DRIVER_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="token",
            label=_("Id token"),
            model=IdToken,
            rows=IdToken.objects.all,
            url=lambda token: reverse("token_detail", args=[token.pk]),
            view=Permission.TOKEN_VIEW,
            key="pk",
            has_notes=True,
        ),
    ]
