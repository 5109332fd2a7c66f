"""Form of a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.attachments.words import TAKEN


class FileForm(forms.Form):
    """A file with its caption."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, help_text=TAKEN)
    caption = forms.CharField(label=_("Caption"), max_length=200, required=False)
    is_shared = forms.BooleanField(label=_("The customer sees it in their portal"), required=False)

    def __init__(self, *args: Any, may_share: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
