"""Form of an id token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from core.forms import moment_widget
from customers.companies.models import Company
from customers.drivers.forms import DriverField
from customers.limits.forms import LIMIT_FIELDS, LimitForm
from customers.tokens.models import IdToken


class TokenForm(LimitForm):
    """Create or change a token; the UID of an existing one stays."""

    driver = DriverField()
    company: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Company pool"),
        required=False,
        empty_label=_("None"),
        help_text=_("For a card that several people of a company use."),
    )

    class Meta:
        model = IdToken
        fields = (
            "uid",
            "label",
            "printed_number",
            "driver",
            "company",
            "kind",
            "purpose",
            "status",
            "expires_at",
            "group_id",
            *LIMIT_FIELDS,
        )
        widgets = {"expires_at": moment_widget()}
        help_texts = {
            "uid": _("As the reader shows it; separators do not matter."),
            "group_id": _("Tokens of one group may stop each other's sessions."),
        }

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        driver, company = self.fields["driver"], self.fields["company"]
        assert isinstance(driver, DriverField)
        assert isinstance(company, forms.ModelChoiceField)
        driver.operator = operator
        company.queryset = Company.objects.order_by("name", "id")
        if self.instance.pk:
            self.initial["driver"] = self.instance.driver
            self.fields["uid"].disabled = True

    def clean(self) -> dict[str, Any]:
        """A driver or a company, not both."""
        cleaned = super().clean() or {}
        if cleaned.get("driver") and cleaned.get("company"):
            self.add_error(
                "company", _("A token belongs to a driver or to a company's pool, not to both.")
            )
        return cleaned
