"""Spot prices for the sessions of a batch whose tariffs need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from billing.rating.facts import SessionFacts, SpotPrice
from billing.spot.pricing import SpotBook, SpotPricer, needed
from billing.spot.selectors import load_book
from billing.tariffs.model import Tariff
from billing.tariffs.terms import SpotTerms

Wanted = tuple[int, SessionFacts, Tariff]
"""The operator, the facts, and the tariff of a session."""

_Place = tuple[int, str, str]


class SpotSource:
    """What is known of spot prices over the time of the given sessions.

    Two queries for each operator, area and currency, however many sessions there are.
    """

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        spans: dict[_Place, tuple[datetime, datetime]] = {}
        for operator_id, facts, tariff in wanted:
            terms = tariff.extras.spot
            if terms is None or facts.ended_at <= facts.started_at:
                continue
            begin, end = needed(terms.averaging, facts.started_at, facts.ended_at, facts.zone)
            place = (operator_id, terms.area, tariff.currency)
            known = spans.get(place, (begin, end))
            spans[place] = (min(begin, known[0]), max(end, known[1]))
        self._books: dict[_Place, SpotBook] = {
            place: load_book(
                operator_id=place[0], area=place[1], currency=place[2], begins_at=begin, ends_at=end
            )
            for place, (begin, end) in spans.items()
        }
        self._pricers: dict[tuple[_Place, SpotTerms, str], SpotPricer] = {}

    def added_to(self, operator_id: int, facts: SessionFacts, tariff: Tariff) -> SessionFacts:
        """The facts with the price of each quarter; unchanged where no spot price counts."""
        terms = tariff.extras.spot
        if terms is None or facts.ended_at <= facts.started_at:
            return facts
        place = (operator_id, terms.area, tariff.currency)
        key = (place, terms, facts.zone)
        if key not in self._pricers:
            book = self._books.get(place) or SpotBook({})
            self._pricers[key] = SpotPricer(terms, tariff.currency, book, facts.zone)
        prices = self._pricers[key].prices(facts.started_at, facts.ended_at)
        return replace(
            facts,
            spot_prices=tuple(SpotPrice(one.starts_at, one.ends_at, one.net) for one in prices),
        )
