"""Every list as something that can be sent."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.lists import registry
from core.lists.chips import applied
from core.lists.columns import plan
from core.lists.export import ProducedFile, produce
from core.lists.page import filtered, ordered
from core.lists.saved import sound
from core.lists.spec import ListSpec
from core.schedules.source import FileItem


class ListSource:
    """Lists with their filters, order and columns."""

    kind = "list"

    def items(self) -> Mapping[str, FileItem]:
        """All lists that have a page."""
        return {
            name: FileItem(name, spec.title, spec.permission)
            for name, spec in registry.all_lists().items()
        }

    def sound(self, request: HttpRequest, item: str, query: str) -> tuple[str, list[str]]:
        """As saved views are read."""
        good, lost = sound(request, self._spec(item), query)
        return good.urlencode(), lost

    def describe(self, request: HttpRequest, item: str) -> list[str]:
        """The chips of the list."""
        filterset, _rows = filtered(request, self._spec(item))
        return [f"{chip.label}: {chip.value}" for chip in applied(filterset, request.GET)]

    def produce(self, request: HttpRequest, item: str, extension: str) -> ProducedFile:
        """Exactly the filtered rows, in the columns of the query."""
        spec = self._spec(item)
        filterset, rows = filtered(request, spec)
        if not filterset.is_valid():
            raise RuleViolation("filter", _("A filter is wrong; nothing was exported."))
        columns = plan(spec, request.GET.get("columns", ""), ())
        table = ordered(request, spec, rows, columns)
        return produce(spec, table.data.data, columns.files, extension)

    def address(self, item: str) -> str:
        """The list's page."""
        return registry.address_of(self._spec(item))

    def _spec(self, item: str) -> ListSpec:
        spec = registry.find(item)
        if spec is None:
            raise RuleViolation("no_list", _("There is no such list any more."))
        return spec
