"""Filters of notes."""

from __future__ import annotations

from core.notes.models import Note
from core.objects.filters import AboutFilter


class NoteFilter(AboutFilter):
    """Notes by text, person and object."""

    search_fields = ("text", "author_label")

    class Meta:
        model = Note
        fields: list[str] = []
