"""Table of imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.imports.models import ImportRun
from core.imports.registry import specs
from core.lists.tables import ListTable, MomentColumn, StatusColumn, TextColumn, TitleColumn


class ImportTable(ListTable):
    """Files, the newest first."""

    file_name = TitleColumn(_("File"), detail="import_detail", key="public_id")
    kind = TextColumn(_("Kind"))
    state = StatusColumn(_("State"), kind="import")
    row_count = TextColumn(_("Rows"), end=True)
    created_count = TextColumn(_("New"), end=True)
    changed_count = TextColumn(_("Changed"), end=True)
    user_label = TextColumn(_("Who"))
    created_at = MomentColumn(_("Uploaded"))

    class Meta(ListTable.Meta):
        model = ImportRun
        fields: tuple[str, ...] = ()
        order_by = "-created_at"

    def render_kind(self, value: str) -> str:
        """In words."""
        spec = specs().get(value)
        return str(spec.title) if spec else value
