"""Form of a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.attachments.words import TAKEN


class FileForm(forms.Form):
    """A file with its caption."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, help_text=TAKEN)
    caption = forms.CharField(label=_("Caption"), max_length=200, required=False)
