"""What the choice of a tariff is called, for pages and the API."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from billing.tariffs.choice import Choice, Level, Verdict, Weighed
from core.sentences import Sentence

LEVELS: Final[dict[Level, str]] = {
    Level.OPERATOR: gettext_noop("the whole network"),
    Level.SITE: gettext_noop("the site"),
    Level.STATION: gettext_noop("the station"),
    Level.EVSE: gettext_noop("the EVSE"),
}
VERDICTS: Final[dict[Verdict, str]] = {
    Verdict.CHOSEN: gettext_noop("chosen: nothing that fits is more specific"),
    Verdict.WIDER_PLACE: gettext_noop("not used: a price of a smaller place goes first"),
    Verdict.FOR_EVERYONE: gettext_noop("not used: a price of the price group goes first"),
    Verdict.ANY_CONNECTOR: gettext_noop("not used: a price of the connector type goes first"),
    Verdict.OLDER: gettext_noop("not used: one that began later goes first"),
    Verdict.OTHER_CONNECTOR: gettext_noop("does not fit: another connector type"),
    Verdict.OTHER_GROUP: gettext_noop("does not fit: another price group"),
    Verdict.OTHER_TIME: gettext_noop("does not fit: not in force at that time"),
    Verdict.NO_VERSION: gettext_noop("does not fit: no version in force at that time"),
}


def weighed_text(weighed: Weighed) -> Sentence:
    """One offer and what became of it, as a sentence."""
    return Sentence(
        gettext_noop("%(tariff)s for %(level)s – %(verdict)s"),
        {
            "tariff": weighed.offer.tariff_name,
            "level": Sentence(LEVELS[weighed.offer.level]),
            "verdict": Sentence(VERDICTS[weighed.verdict]),
        },
    )


def choice_texts(choice: Choice) -> tuple[Sentence, ...]:
    """Why this tariff, the chosen one first; says so when none holds."""
    lines = tuple(map(weighed_text, choice.weighed))
    if choice.offer is None:
        return (Sentence(gettext_noop("No tariff holds here at that time.")), *lines)
    return lines
