"""The door for who knows whose session it is and what it costs (setting ``SESSION_ATTRIBUTOR``).

Which account pays and which tariff prices a session is computed *as of the session's start*, so
that late and offline sessions get the price that was in force then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from core.accounts.models import Operator
from core.sentences import Sentence
from stations.sessions.models import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who pays for a session, and by which version of which tariff.

    ``why`` says, first reason first, how both were found. ``is_free``:
    the token is for service or tests; the session costs nothing and needs no account.
    """

    account_id: int | None = None
    price_group_id: int | None = None
    tariff_version_id: int | None = None
    why: tuple[Sentence, ...] = ()
    is_free: bool = False


class SessionAttributor(Protocol):
    """Whoever knows tokens, drivers, companies and assignments."""

    def attribute(
        self, sessions: Sequence[Session], *, operator: Operator
    ) -> Mapping[int, Attribution]:
        """Attribution by primary key of the session, for all of ``sessions``.

        All are ``operator``'s, with ``station__site`` and ``evse`` loaded. A session that is not in
        the answer has no attribution. The number of queries does not depend on how many there are.
        """
        ...


class NothingKnown:
    """Where nobody plugs in: no session has an account or a tariff."""

    def attribute(
        self, sessions: Sequence[Session], *, operator: Operator
    ) -> Mapping[int, Attribution]:
        """An empty attribution for each session."""
        return {session.pk: Attribution() for session in sessions}


def attributor() -> SessionAttributor:
    """The attributor that the installation names."""
    return _attributor(str(settings.SESSION_ATTRIBUTOR))


@cache
def _attributor(path: str) -> SessionAttributor:
    found: SessionAttributor = import_string(path)()
    return found
