"""What is hard to believe about a month, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.energy.balance import Doubt

DOUBTS: Final[dict[Doubt, str | Promise]] = {
    Doubt.MISSING: _("No invoice says how much energy was bought."),
    Doubt.NEGATIVE: _("More energy was delivered than bought."),
    Doubt.HIGH: _("More energy was lost than is plausible."),
    Doubt.APART: _("Supplier and grid company billed different amounts of energy."),
}
