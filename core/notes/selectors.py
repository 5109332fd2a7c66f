"""Reading notes."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from core.notes.models import Note


def notes_about(instance: models.Model) -> QuerySet[Note]:
    """Notes about an object: pinned ones first, then the newest."""
    found: QuerySet[Note] = Note.objects.filter(
        object_type=instance._meta.label_lower, object_id=str(instance.pk)
    ).order_by("-is_pinned", "-created_at", "-id")
    return found
