"""Form of a company."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.companies.models import Company
from customers.limits.forms import LIMIT_FIELDS, LimitForm
from customers.payers.forms import AccountField


class CompanyForm(LimitForm):
    """Create or change a company; who pays is set once here, later on a page of its own."""

    account = AccountField()

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

    def __init__(self, *args: Any, may_set_payer: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk or not may_set_payer:
            del self.fields["account"]

    def clean_country_code(self) -> str:
        """Two letters, as ISO 3166 writes them."""
        code: str = self.cleaned_data["country_code"].upper()
        if len(code) != 2 or not code.isalpha():
            raise forms.ValidationError(_("Write the two letters of the country, as SE."))
        return code
