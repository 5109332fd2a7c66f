"""What the choice of a tariff is called, for pages and the API."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.tariffs.choice import Choice, Level, Verdict, Weighed

LEVELS: Final[dict[Level, str | Promise]] = {
    Level.OPERATOR: gettext_lazy("the whole network"),
    Level.SITE: gettext_lazy("the site"),
    Level.STATION: gettext_lazy("the station"),
    Level.EVSE: gettext_lazy("the EVSE"),
}
VERDICTS: Final[dict[Verdict, str | Promise]] = {
    Verdict.CHOSEN: gettext_lazy("chosen: nothing that fits is more specific"),
    Verdict.WIDER_PLACE: gettext_lazy("not used: a price of a smaller place goes first"),
    Verdict.FOR_EVERYONE: gettext_lazy("not used: a price of the price group goes first"),
    Verdict.ANY_CONNECTOR: gettext_lazy("not used: a price of the connector type goes first"),
    Verdict.OLDER: gettext_lazy("not used: one that began later goes first"),
    Verdict.OTHER_CONNECTOR: gettext_lazy("does not fit: another connector type"),
    Verdict.OTHER_GROUP: gettext_lazy("does not fit: another price group"),
    Verdict.OTHER_TIME: gettext_lazy("does not fit: not in force at that time"),
    Verdict.NO_VERSION: gettext_lazy("does not fit: no version in force at that time"),
}


def weighed_text(weighed: Weighed) -> str:
    """One offer and what became of it, as a sentence."""
    return _("%(tariff)s for %(level)s – %(verdict)s") % {
        "tariff": weighed.offer.tariff_name,
        "level": LEVELS[weighed.offer.level],
        "verdict": VERDICTS[weighed.verdict],
    }


def choice_texts(choice: Choice) -> tuple[str, ...]:
    """Why this tariff, the chosen one first; says so when none holds."""
    lines = tuple(map(weighed_text, choice.weighed))
    if choice.offer is None:
        return (_("No tariff holds here at that time."), *lines)
    return lines
