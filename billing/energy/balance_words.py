"""What is known of a month, and what is hard to believe about it, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.energy.balance import Doubt, MonthState

DOUBTS: Final[dict[Doubt, str | Promise]] = {
    Doubt.NEGATIVE: _("More energy was delivered than bought."),
    Doubt.HIGH: _("More energy was lost than is plausible."),
    Doubt.APART: _("Supplier and grid company billed different amounts of energy."),
}
STATES: Final[dict[MonthState, str | Promise]] = {
    MonthState.NO_INVOICE: _("No energy invoice yet"),
    MonthState.DOUBTFUL: _("Doubtful"),
    MonthState.SOUND: _("Sound"),
}
