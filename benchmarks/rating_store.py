"""Measures rating in the database that the environment names (see ``rating_database``).

For each tariff and number of readings: sessions a second of the whole path (pull, pin, facts,
price, judge, store), of ``bulk_create`` of the same rows alone, and the ratio of both; the same in
processor time, which other work on the machine does not blur.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import django
import psutil

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.memory import SAMPLES, growth, resident_mib
from benchmarks.rating_cases import complex_tariff, simple_tariff
from billing.accounts.models import BillingAccount
from billing.rating.attribution import Attribution
from billing.rating.models import PriceLine, PricePeriod, RatedSession
from billing.review.services import rate_due
from billing.tariffs.model import Tariff, content_hash, dump_tariff
from billing.tariffs.models import Tariff as TariffRow
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from core.collecting import calm_collector
from core.sentences import Sentence
from core.tenancy.scopes import across_operators
from stations.hardware.models import Evse, Station
from stations.sessions.models import Session
from stations.sites.models import Site

READINGS: Final = (1, 20, 300)
TARGET: Final = 0.33
START: Final = datetime(2026, 6, 1, 7, tzinfo=UTC)
LENGTH: Final = timedelta(hours=3)
CHUNK: Final = 1_000
"""Sessions that a soak adds before they are rated."""


class Newest:
    """The account and the newest version for every session: two queries."""

    def attribute(
        self, sessions: Sequence[Session], *, operator: Operator
    ) -> Mapping[int, Attribution]:
        """The same for all."""
        account = BillingAccount.objects.get(operator=operator)
        version = TariffVersion.objects.order_by("-pk")[0]
        why = (Sentence("benchmark"),)
        one = Attribution(account_id=account.pk, tariff_version_id=version.pk, why=why)
        return dict.fromkeys((session.pk for session in sessions), one)


def network() -> Evse:
    """An operator with one EVSE and one account."""
    operator = Operator.objects.create(name="Bench", slug="bench", party_id="BEN")
    site = Site.objects.create(operator=operator, public_id="si_1", name="Bench")
    station = Station.objects.create(
        operator=operator, site=site, public_id="cs_1", identity="BENCH-1", name="Bench"
    )
    BillingAccount.objects.create(operator=operator, public_id="ba_1", name="Bench")
    evse: Evse = Evse.objects.create(
        operator=operator, station=station, number=1, max_power_w=150_000
    )
    return evse


def publish(evse: Evse, name: str, tariff: Tariff) -> None:
    """The tariff as a published version, the newest of all."""
    row = TariffRow.objects.create(
        operator=evse.operator, public_id=f"tar_{name}", name=name, currency=tariff.currency
    )
    TariffVersion.objects.create(
        operator=evse.operator,
        tariff=row,
        number=1,
        state="published",
        document=json.loads(json.dumps(dump_tariff(tariff), default=str)),
        digest=content_hash(tariff),
        takes_effect_at=START - timedelta(days=1),
        published_at=START,
    )


def add_sessions(evse: Evse, count: int, readings: int, first: int) -> None:
    """Ended sessions with so many readings after the first; the database makes them due."""
    kept = kept_of(readings)
    Session.objects.bulk_create(
        [
            Session(
                operator_id=evse.operator_id,
                public_id=f"se_{n}",
                station_id=evse.station_id,
                evse=evse,
                ocpp_version="1.6",
                ocpp_transaction_id=str(n),
                state="ended",
                id_token="BENCH",
                started_at=START,
                stopped_at=START + LENGTH,
                energy_wh=40_000,
                intervals=kept,
                reconciled_at=timezone.now(),
            )
            for n in range(first, first + count)
        ],
        batch_size=500,
    )


def kept_of(readings: int) -> dict[str, Any]:
    """Curve and intervals as the reconciler keeps them: two hours of charging, one of standing."""
    curve = [
        [(START + LENGTH * n / readings).isoformat(), str(40_000 * n // readings + 7),
         str(40_000 * n // readings)]
        for n in range(readings + 1)
    ]  # fmt: skip
    spans = (("charging", "reported", 0, 2), ("idle", "vehicle", 2, 3))
    return {
        "certainty": "measured",
        "curve": curve,
        "intervals": [
            {
                "kind": kind,
                "reason": reason,
                "started_at": (START + timedelta(hours=begin)).isoformat(),
                "stopped_at": (START + timedelta(hours=end)).isoformat(),
            }
            for kind, reason, begin, end in spans
        ],
    }


def plain_insert(count: int) -> Callable[[], None]:
    """Inserting the rows of the last ``count`` rated sessions again, as revision 2."""
    rated = list(RatedSession.objects.order_by("-pk").prefetch_related("lines", "periods")[:count])
    pairs = [(one, list(one.lines.all()), list(one.periods.all())) for one in rated]
    for one, lines, periods in pairs:
        one.pk, one.public_id, one.revision, one.is_current = None, f"x{one.public_id}", 2, False
        for row in (*lines, *periods):
            row.pk = None

    def insert() -> None:
        with transaction.atomic():
            for begin in range(0, len(pairs), 200):
                batch = pairs[begin : begin + 200]
                RatedSession.objects.bulk_create([one for one, _lines, _periods in batch])
                for one, lines, periods in batch:
                    for row in (*lines, *periods):
                        row.rated_session_id = one.pk
                PriceLine.objects.bulk_create([row for _one, rows, _p in batch for row in rows])
                PricePeriod.objects.bulk_create([row for _one, _l, rows in batch for row in rows])

    return insert


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """How long it takes, and the processor time of it: ours and that of our database session."""
    began, spent = time.perf_counter(), _processor_s()
    work()
    return time.perf_counter() - began, _processor_s() - spent


def _backend() -> int:
    """The process of our database session."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def _processor_s() -> float:
    theirs = psutil.Process(_backend()).cpu_times()
    return float(time.process_time() + theirs.user + theirs.system)


def run(count: int, *, is_profiled: bool) -> dict[str, Any]:
    """Every tariff with every number of readings."""
    evse, first = network(), 1
    figures: dict[str, Any] = {}
    for name, tariff in (("simple", simple_tariff()), ("complex", complex_tariff())):
        publish(evse, name, tariff)
        for readings in READINGS:
            add_sessions(evse, count, readings, first)
            first += count
            watched: Any = cProfile.Profile() if is_profiled else nullcontext()
            with watched:
                whole, whole_cpu = seconds(lambda: rate_due(now=timezone.now(), batches=10**6))
            if is_profiled:
                pstats.Stats(watched, stream=sys.stderr).sort_stats("tottime").print_stats(15)
            plain, plain_cpu = seconds(plain_insert(count))
            figures[f"{name}, {readings} readings"] = {
                "whole_per_second": round(count / whole),
                "insert_per_second": round(count / plain),
                "ratio": round(plain / whole, 2),
                "whole_processor_ms": round(1000 * whole_cpu / count, 2),
                "insert_processor_ms": round(1000 * plain_cpu / count, 2),
                "processor_ratio": round(plain_cpu / whole_cpu, 2),
            }
    return {"sessions_each": count, "target_ratio": TARGET, "database": figures}


def soak(count: int) -> dict[str, Any]:
    """Memory of this process and of its database session along ``count`` sessions."""
    evse = network()
    publish(evse, "complex", complex_tariff())
    backend = _backend()
    ours: list[tuple[int, float]] = []
    theirs: list[tuple[int, float]] = []
    step = max(1, count // SAMPLES)
    for first in range(1, count + 1, CHUNK):
        size = min(CHUNK, count + 1 - first)
        add_sessions(evse, size, 20, first)
        rate_due(now=timezone.now(), batches=10**6)
        done = first + size - 1
        if done // step > len(ours):
            ours.append((done, resident_mib()))
            theirs.append((done, resident_mib(backend)))
    return {"memory": growth(ours), "memory_of_database_session": growth(theirs)}


def main() -> None:
    """Measure and print."""
    settings.SESSION_ATTRIBUTOR = "benchmarks.rating_store.Newest"
    calm_collector()  # as worker and web do
    count = int(sys.argv[1])
    with across_operators("the benchmark prices sessions of its own operator"):
        if "--soak" in sys.argv:
            figures = soak(count)
        else:
            figures = run(count, is_profiled="--profile" in sys.argv)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
