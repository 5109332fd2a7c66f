"""Form of a note."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.notes.services import MAX_LENGTH


class NoteForm(forms.Form):
    """The text of a note."""

    text = forms.CharField(
        label=_("Note"), max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
