"""What the files of EV-ChART are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Operator
from stations.sites.selectors import sites
from stations.uptime.evchart.quarters import Quarter, quarter_of, quarter_on, quarters_back
from stations.uptime.forms import today_of

MOST_QUARTERS: Final = 8
_PROVIDER: Final = r"^[a-z0-9]+(_[a-z0-9]+)*\Z"


class EvChartForm(forms.Form):
    """A quarter, a site, and the name of the network as the intake has it."""

    quarter = forms.ChoiceField(label=_("Quarter"))
    site: Any = forms.ModelChoiceField(
        label=_("Site"),
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label=_("All sites"),
    )
    network_provider = forms.CharField(
        label=_("Network provider"),
        max_length=60,
        validators=[RegexValidator(_PROVIDER, _("Write it as the intake has it: my_network."))],
        help_text=_("The name under which EV-ChART knows the network."),
    )

    def __init__(self, query: Mapping[str, Any], *, operator: Operator) -> None:
        given = {name: query.get(name, "") for name in self.base_fields}
        today = today_of(operator)
        self.now = quarter_on(today)
        given["quarter"] = given["quarter"].upper() or str(self.now.before)
        named = slugify(operator.name).replace("-", "_") or "network"
        given["network_provider"] = given["network_provider"] or named[:60].strip("_")
        super().__init__(given)
        choices = [(str(one), self._label(one)) for one in quarters_back(today, MOST_QUARTERS)]
        self.fields["quarter"].choices = choices  # type: ignore[attr-defined]  # a field of choices
        self.fields["site"].queryset = sites()  # type: ignore[attr-defined]  # a field of rows

    def _label(self, quarter: Quarter) -> str:
        if quarter == self.now:
            return str(_("%(quarter)s, so far") % {"quarter": quarter})
        return str(quarter)

    def asked(self) -> dict[str, Any]:
        """What the selectors take."""
        values = self.cleaned_data
        return {
            "quarter": quarter_of(values["quarter"]),
            "site": values["site"],
            "provider": values["network_provider"],
        }
