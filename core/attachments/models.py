"""Photos and documents that hang on objects."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import ObjectPlacing


class AttachmentKind(models.TextChoices):
    """How a file is shown."""

    PHOTO = "photo", _("Photo")
    DOCUMENT = "document", _("Document")


class Attachment(TenantModel):
    """A file about one object of a declared kind. The content lies in the storage under a
    random name; a photo was written anew on arrival, a document is kept as it came."""

    placing = ObjectPlacing()

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=AttachmentKind.choices)
    name = models.CharField(_("file name"), max_length=120)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    content_type = models.CharField(_("type"), max_length=100)
    size_bytes = models.PositiveBigIntegerField(_("size"))
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of what was uploaded"))
    path = models.CharField(max_length=200)
    thumbnail_path = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    is_shared = models.BooleanField(_("the customer sees it"), default=False)
    added_by = models.ForeignKey(
        "core.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_label = models.CharField(_("added by"), max_length=200)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["kind", "-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "object_type", "object_id", "digest"],
                name="attachment_once_an_object",
            )
        ]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.caption or self.name
