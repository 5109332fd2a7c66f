"""Filters of photos and documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.attachments.models import Attachment, AttachmentKind
from core.lists.filters import ChoiceFilter
from core.objects.filters import AboutFilter


class AttachmentFilter(AboutFilter):
    """Files by name, caption, kind and object."""

    search_fields = ("name", "caption", "added_label")
    kind = ChoiceFilter(label=_("Kind"), choices=AttachmentKind.choices)

    class Meta:
        model = Attachment
        fields: list[str] = []
