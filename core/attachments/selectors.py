"""Reading attachments."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from core.attachments.models import Attachment


def files_about(instance: models.Model) -> QuerySet[Attachment]:
    """Files about an object: documents first, then photos, each the newest first."""
    found: QuerySet[Attachment] = Attachment.objects.filter(
        object_type=instance._meta.label_lower, object_id=str(instance.pk)
    ).order_by("kind", "-created_at", "-id")
    return found
