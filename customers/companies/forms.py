"""Form of a company."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.companies.models import Company
from customers.limits.forms import LIMIT_FIELDS, LimitForm


class CompanyForm(LimitForm):
    """Create or change a company."""

    class Meta:
        model = Company
        fields = (
            "name",
            "country_code",
            "organisation_number",
            "contact_name",
            "contact_email",
            "contact_phone",
            *LIMIT_FIELDS,
        )

    def clean_country_code(self) -> str:
        """Two letters, as ISO 3166 writes them."""
        code: str = self.cleaned_data["country_code"].upper()
        if len(code) != 2 or not code.isalpha():
            raise forms.ValidationError(_("Write the two letters of the country, as SE."))
        return code
