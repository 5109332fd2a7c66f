"""Loading the demo network and its past into an empty (or otherwise used) installation."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.db import connection, transaction

from core.accounts.models import Operator
from core.tenancy.scopes import across_operators
from customers.guests.codes import make_codes
from portal.demo.account_rows import write_accounts
from portal.demo.books.story import begin
from portal.demo.card_accounts import write_card_accounts
from portal.demo.case_rows import write_cases
from portal.demo.command_rows import write_commands
from portal.demo.configuration_rows import write_configuration
from portal.demo.copying import copy_rows, take_ids
from portal.demo.customer_rows import write_customers
from portal.demo.energy_rows import write_energy_costs
from portal.demo.history import HISTORY, StationHistory, build_history
from portal.demo.host_rows import write_hosts
from portal.demo.journal_rows import CONNECTION_COLUMNS, STATUS_COLUMNS, JournalRows
from portal.demo.link_rows import write_links
from portal.demo.network_rows import Ids, write_network
from portal.demo.own_rows import write_own
from portal.demo.plan import DemoPlan, build_plan
from portal.demo.planning_rows import write_planning
from portal.demo.resident_rows import write_residents
from portal.demo.session_rows import (
    ATTEMPT_COLUMNS,
    READING_COLUMNS,
    SESSION_COLUMNS,
    Row,
    SessionRows,
    count_sessions,
)
from portal.demo.spot_rows import write_spot
from portal.demo.tariff_rows import write_tariffs
from portal.demo.upkeep.story import write_upkeep


@dataclass(slots=True)
class SeedReport:
    """What was loaded, in rows by table, and how long it took."""

    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def is_seeded(plan: DemoPlan) -> bool:
    """Whether the demo's operators are there already."""
    slugs = [operator.slug for operator in plan.operators]
    return Operator.objects.filter(slug__in=slugs).count() == len(slugs)


def seed(
    *, plan: DemoPlan, now: datetime, passwords: Mapping[str, str], length: timedelta = HISTORY
) -> SeedReport:
    """Load network and history in one transaction; all or nothing.

    ``passwords``: of the stations, by socket identity. The caller checks ``is_seeded``.
    """
    began = time.monotonic()
    report = SeedReport()
    with across_operators("the demo has two operators"), transaction.atomic():
        ids = write_network(plan, passwords)
        report.rows["tariffs"] = write_tariffs(plan, ids, now - length)
        _ensure_partitions(now)
        histories = list(build_history(plan, now, length))
        _write_sessions(report, ids, histories, now)
        _write_journals(report, ids, histories, now)
        report.rows["commands"] = write_commands(plan, ids, now)
        report.rows["support_cases"] = write_cases(plan, ids.operators, now)
        report.rows["templates"] = write_configuration(plan, ids)
        report.rows |= write_spot(now - length, now)
        report.rows["accounts"] = write_accounts(ids.operators, now.date())
        slugs = [one.slug for one in plan.operators]
        report.rows["own"] = write_own(slugs, now)
        report.rows["customers"] = write_customers(slugs)
        report.rows["energy_costs"] = write_energy_costs(now.date())
        report.rows["hosts"] = write_hosts(slugs, now.date())
        report.rows["residents"] = write_residents(slugs, now.date())
        report.rows["card_accounts"] = write_card_accounts(slugs)
        report.rows["studies"] = write_planning(slugs)
        report.rows["guest_codes"] = make_codes()
        report.rows["orders"] = write_upkeep(ids, histories, now)
        begin(slugs, (now - length).date())
    _analyse()
    report.rows |= {"stations": len(ids.stations), "evses": len(ids.evses)}
    report.rows["id_tokens"] = len(ids.tokens)
    report.seconds = round(time.monotonic() - began, 1)
    return report


def _ensure_partitions(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_ensure_partitions((%s - interval '4 months')::date,"
            " (%s + interval '3 months')::date)",
            [now, now],
        )


def _analyse() -> None:
    """Fresh statistics, so that the first pages after loading are planned well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE stations_session, stations_meterreading, stations_statusjournal,"
            " stations_connectionjournal, stations_authorisationattempt, stations_connector"
        )


def _write_sessions(
    report: SeedReport, ids: Ids, histories: list[StationHistory], now: datetime
) -> None:
    count = sum(count_sessions(history) for history in histories)
    session_ids = iter(take_ids("stations_session_id_seq", count))
    transaction_ids = iter(take_ids("stations_transaction_seq", count))
    makers = [
        SessionRows(ids, history, session_ids, transaction_ids, now, _rng(history, "sessions"))
        for history in histories
    ]
    readings: list[Row] = []

    def sessions() -> Iterator[Row]:
        for maker in makers:
            for row, its_readings in maker.rows():
                readings.extend(its_readings)
                yield row

    report.rows["sessions"] = copy_rows("stations_session", SESSION_COLUMNS, sessions())
    report.rows["readings"] = copy_rows("stations_meterreading", READING_COLUMNS, readings)
    report.rows["attempts"] = copy_rows(
        "stations_authorisationattempt",
        ATTEMPT_COLUMNS,
        chain.from_iterable(maker.attempts() for maker in makers),
    )


def _write_journals(
    report: SeedReport, ids: Ids, histories: list[StationHistory], now: datetime
) -> None:
    makers = [JournalRows(ids, history, now, _rng(history, "journals")) for history in histories]
    latest: dict[tuple[int, int], Row] = {}

    def statuses() -> Iterator[Row]:
        for maker in makers:
            for number, row in maker.statuses():
                latest[maker.station_id, number] = row
                yield row

    report.rows["statuses"] = copy_rows("stations_statusjournal", STATUS_COLUMNS, statuses())
    report.rows["connections"] = copy_rows(
        "stations_connectionjournal",
        CONNECTION_COLUMNS,
        chain.from_iterable(maker.connections() for maker in makers),
    )
    write_links(makers, latest, now)


def _rng(history: StationHistory, topic: str) -> random.Random:
    return random.Random(f"{history.station.identity}:{topic}")


def plan_for(now: datetime) -> DemoPlan:
    """The plan of the demo as of ``now``."""
    return build_plan(today=now.date())
