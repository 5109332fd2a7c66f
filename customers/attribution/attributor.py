"""Says who pays for sessions and by which tariff (setting ``SESSION_ATTRIBUTOR``)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from billing.rating.attribution import Attribution
from billing.tariffs.choice import Choice, Wish
from billing.tariffs.choosing import choose_tariffs
from core.accounts.models import Operator
from core.sentences import Sentence
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from customers.attribution.loading import Question, load
from customers.attribution.payer import Payer, payer_of
from customers.attribution.words import sentences
from stations.hardware.models import Connector
from stations.sessions.models import Session

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: who pays, and by which tariff (None: it costs nothing)."""

    payer: Payer
    choice: Choice | None

    @property
    def why(self) -> tuple[Sentence, ...]:
        """Every step."""
        return sentences(self.payer.steps, self.choice)


class SessionAttribution:
    """Attribution by the operator's own tokens, accounts and assignments."""

    def attribute(
        self, sessions: Sequence[Session], *, operator: Operator
    ) -> Mapping[int, Attribution]:
        """Attribution of each session, as of its start; nine queries, however many there are."""
        with operator_scope(operator):
            answers = answer_all(questions_of(sessions), operator)
            return {key: _attribution(answer) for key, answer in answers.items()}


def answer_all(questions: Mapping[Key, Question], operator: Operator) -> dict[Key, Answer]:
    """Who pays and by which tariff, for each question; inside the operator's scope."""
    register = load(list(questions.values()), operator)
    payers = {key: payer_of(register.facts(asked)) for key, asked in questions.items()}
    wishes = {
        key: _wish(asked, payers[key])
        for key, asked in questions.items()
        if not payers[key].is_free
    }
    choices = choose_tariffs(wishes)
    return {key: Answer(payer, choices.get(key)) for key, payer in payers.items()}


def questions_of(sessions: Sequence[Session]) -> dict[int, Question]:
    """One question a session, as of its start; one query for the connectors."""
    types = _connector_types(sessions)
    return {
        session.pk: Question(
            at=began_at(session),
            site_id=session.station.site_id,
            station_id=session.station_id,
            evse_id=session.evse_id,
            connector_type=types.get(session.pk, ""),
            token=session.id_token,
            snapshot=session.token_snapshot or {},
        )
        for session in sessions
    }


def began_at(session: Session) -> datetime:
    """The session's start; when it was first heard of where none was told."""
    return session.started_at or session.first_received_at


def _connector_types(sessions: Sequence[Session]) -> dict[int, str]:
    """The type of the session's connector; where it names none, that of all of its EVSE."""
    with limited_to(None):
        rows = list(
            Connector.objects.filter(evse__in={s.evse_id for s in sessions if s.evse_id})
            .order_by("evse_id", "number")
            .values_list("evse_id", "number", "connector_type")
        )
    by_evse: dict[int, dict[int, str]] = {}
    for evse_id, number, connector_type in rows:
        by_evse.setdefault(evse_id, {})[number] = connector_type
    return {
        session.pk: connector_type_of(by_evse.get(session.evse_id or 0, {}), session)
        for session in sessions
    }


def connector_type_of(types: Mapping[int, str], session: Session) -> str:
    """By number; else the only type there is; empty where that cannot be told."""
    number = session.connector_number
    if number is not None and number in types:
        return types[number]
    known = set(types.values())
    return known.pop() if len(known) == 1 else ""


def _wish(asked: Question, payer: Payer) -> Wish:
    return Wish(
        at=asked.at,
        site_id=asked.site_id,
        station_id=asked.station_id,
        evse_id=asked.evse_id,
        connector_type=asked.connector_type,
        price_group_id=payer.price_group.id if payer.price_group else None,
    )


def _attribution(answer: Answer) -> Attribution:
    payer, choice = answer.payer, answer.choice
    return Attribution(
        account_id=payer.account.id if payer.account else None,
        price_group_id=payer.price_group.id if payer.price_group else None,
        tariff_version_id=choice.version.id if choice and choice.version else None,
        why=answer.why,
        is_free=payer.is_free,
    )
