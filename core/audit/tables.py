"""Table of the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit.models import AuditEntry
from core.lists.tables import ListTable, MomentColumn, TextColumn, TitleColumn


class AuditTable(ListTable):
    """Entries, the newest first."""

    verb = TitleColumn(_("What"), detail="audit_detail", key="pk")
    at = MomentColumn(_("Time"), seconds=True)
    object_label = TextColumn(_("Object"))
    actor_label = TextColumn(_("Who"))
    reason = TextColumn(_("Reason"))

    class Meta(ListTable.Meta):
        model = AuditEntry
        fields: tuple[str, ...] = ()
