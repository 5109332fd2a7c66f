"""Companies in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit
from customers.companies.models import Company
from customers.companies.organisation_number import digits_of

KIND = "company"


class CompanySearch:
    """Companies by a part of the name, organisation number or contact."""

    kind = KIND
    label = _("Companies")
    icon = "building"
    permission = Permission.DRIVER_VIEW
    list_url = "company_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By name."""
        wanted = among("pk", matching(KIND, text)) | among("pk", matching(KIND, digits_of(text)))
        return [
            Hit(
                company.name,
                company.shown_organisation_number,
                reverse("company_detail", args=[company.public_id]),
            )
            for company in Company.objects.filter(wanted).order_by("name", "id")[:most]
        ]


source = CompanySearch()
