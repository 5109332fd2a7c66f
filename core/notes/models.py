"""Journal notes: what people write about an object."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import ObjectPlacing


class Note(TenantModel):
    """A text of one person about one object of any declared kind; never deleted.

    The object is named as in the audit trail: its table and its primary key as text.
    """

    placing = ObjectPlacing()

    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.CharField(max_length=64)
    text = models.TextField(_("note"), max_length=4000)
    author = models.ForeignKey(
        "core.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_label = models.CharField(_("written by"), max_length=200)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-is_pinned", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="note_text_not_empty")
        ]
        indexes = [
            models.Index(
                fields=["operator", "object_type", "object_id", "-created_at"],
                name="note_object_idx",
            )
        ]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:60]
