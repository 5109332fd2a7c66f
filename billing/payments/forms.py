"""Forms of payments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class BankFileForm(forms.Form):
    """A file of the bank."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("camt.054 or camt.053 (XML), BgMax, or a Swish report (CSV)."),
    )
