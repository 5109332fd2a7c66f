"""The pure rules: what each finds and lets be, and how often the test of silence is wrong."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from stations.hardware.fault_words import MREC_WORDS, WORDS, fault_words
from stations.incidents.rules.codes import MREC, OCPP, Reported, meaning_of
from stations.incidents.rules.contact import LinkFacts, dark_sites, offline_findings
from stations.incidents.rules.finding import Override, Setting, setting_of
from stations.incidents.rules.silent import Use, silences
from stations.incidents.rules.station_events import StationTold, told_findings
from stations.incidents.rules.statuses import ConnectorFacts, status_findings
from stations.incidents.rules.table import DEFAULTS
from stations.incidents.rules.tries import EvseSessions, SessionFacts, session_findings

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)


def usual(_station: int, rule: str) -> Setting:
    return setting_of(DEFAULTS[rule], (), "V", "M", "1.0")


@pytest.mark.parametrize(
    ("error", "vendor", "fault", "code", "unknown"),
    [
        ("GroundFailure", "", "safety", "GroundFailure", ()),
        ("OtherError", "CX014", "vehicle", "CX014", ()),
        ("OtherError", "CX003, CX017", "safety", "CX017", ()),
        ("OtherError", "F012", "safety", "F012", ()),
        ("OtherError", "E77", "connector", "E77", ()),
        ("NoError", "E78", "transient", "E78", ("E78",)),
        ("", "", "transient", "", ()),
    ],
)
def test_codes_are_translated_the_most_serious_first(
    error: str, vendor: str, fault: str, code: str, unknown: tuple[str, ...]
) -> None:
    found = meaning_of(Reported(error, vendor), {"e77": ("connector", "Latch")})

    assert (found.fault_class, found.code, found.unknown) == (fault, code, unknown)


def test_the_most_special_override_wins() -> None:
    overrides = [
        Override("offline", "V*", "M", "2.*", False, "", {}),
        Override("offline", "V", "", "", True, "p4", {"least_s": 60, "other": 1}),
    ]

    old = setting_of(DEFAULTS["offline"], overrides, "v", "m", "1.9")
    new = setting_of(DEFAULTS["offline"], overrides, "V", "M", "2.1")

    assert (old.is_enabled, old.severity, old.figures) == (
        True, "p4", {"heartbeats": 2, "least_s": 60},
    )  # fmt: skip
    assert (new.is_enabled, new.severity) == (False, "p4")


def test_statuses_by_class_and_time() -> None:
    hour = NOW - timedelta(hours=2)
    facts = [
        ConnectorFacts(
            station=1, evse=1, status="faulted", since_at=NOW,
            meaning=meaning_of(Reported("GroundFailure"), {}),
        ),
        ConnectorFacts(
            station=2, evse=1, status="faulted", since_at=NOW - timedelta(minutes=5),
            meaning=meaning_of(Reported("OtherError", "CX014"), {}),
        ),
        ConnectorFacts(station=3, evse=1, status="unavailable", since_at=hour, taken_out=True),
        ConnectorFacts(station=4, evse=1, status="unavailable", since_at=hour),
        ConnectorFacts(station=5, evse=1, status="charging", since_at=hour),
        ConnectorFacts(station=6, evse=1, status="charging", since_at=hour, has_session=True),
        ConnectorFacts(station=7, evse=1, status="preparing", since_at=hour),
    ]  # fmt: skip

    found = [(one.station, one.kind, one.severity) for one in status_findings(facts, usual, NOW)]

    assert found == [(1, "safety", "p1"), (4, "unavailable", "p3"), (5, "stuck", "p3")]


def link(station: int, lost_min: float | None, **more: object) -> LinkFacts:
    lost = None if lost_min is None else NOW - timedelta(minutes=lost_min)
    values: dict[str, object] = {
        "station": station, "site": 1, "is_connected": lost is None, "lost_at": lost,
    } | more  # fmt: skip
    return LinkFacts(**values)  # type: ignore[arg-type]  # values of mixed types


def test_lost_contact_counts_after_two_heartbeats_and_never_for_our_own_outage() -> None:
    links = [
        link(1, 9), link(2, 10), link(3, 59, heartbeat_s=1800), link(4, 60, heartbeat_s=1800),
        link(5, 500, is_own=True), link(6, None),
    ]  # fmt: skip

    assert [one.station for one in offline_findings(links, usual, NOW)] == [2, 4]


@pytest.mark.parametrize(
    ("links", "dark"),
    [
        ([link(1, 5), link(2, 3)], True),
        ([link(1, 5), link(2, 1)], False),
        ([link(1, 50), link(2, 3)], False),
        ([link(1, 5), link(2, None)], False),
        ([link(1, 5)], False),
        ([link(1, 5), link(2, 5, is_own=True)], False),
    ],
)
def test_a_site_is_dark_when_all_its_stations_went_together(
    links: list[LinkFacts], dark: bool
) -> None:
    assert bool(dark_sites(links, usual, NOW)) is dark


def tries(*energies: float, drivers: int = 9, reason: str = "Local") -> EvseSessions:
    sessions = [
        SessionFacts(
            at=NOW - timedelta(hours=len(energies) - n), driver=f"d{n % drivers}", energy_wh=wh,
            reason=reason, power_w=10_000 if wh > 5_000 else 2_000,
        )
        for n, wh in enumerate(energies)
    ]  # fmt: skip
    return EvseSessions(station=1, evse=1, sessions=sessions, rating_w=11_000)


def test_sessions_tell_of_no_energy_trouble_and_little_power() -> None:
    good, bad = [9_000.0] * 12, [0.0] * 3

    def kinds(one: EvseSessions) -> list[str]:
        return [found.kind for found in session_findings([one], usual)]

    assert kinds(tries(*good, *bad)) == ["zero_energy"]
    assert kinds(tries(*good, *bad, 8_000)) == []
    assert kinds(tries(*good, *bad, drivers=1)) == []
    assert kinds(tries(*good, *[0.0, 9_000.0] * 6, *bad)) == []
    assert kinds(tries(*good[:4], reason="PowerLoss")) == ["stop_reason"]
    assert kinds(tries(*good, *[4_000.0] * 8)) == ["low_power"]


def test_restarts_refusals_security_and_certificates() -> None:
    minutes = [NOW - timedelta(minutes=n) for n in range(9, 0, -1)]
    told = StationTold(
        station=1,
        boots=minutes[:5],
        attempts=[(at, f"T{n % 3}", n < 3) for n, at in enumerate(minutes)],
        security=[(NOW, "StartupOfTheDevice", ""), (NOW, "TamperDetectionActivated", "event:7")],
        certificates=[("CertEnd", NOW + timedelta(days=9)), ("Other", NOW + timedelta(days=99))],
    )
    calm = StationTold(station=2, boots=minutes[:4], attempts=[(NOW, "T", True)])

    found = told_findings([told, calm], usual, NOW)

    assert [one.kind for one in found] == ["boot_loop", "refused", "security", "certificate"]
    assert (found[1].facts, found[2].code) == (
        {"attempts": 6, "tokens": 3}, "TamperDetectionActivated",
    )  # fmt: skip


def year_of(seed: int, per_week: list[float], dead: int | None) -> tuple[list[Use], datetime]:
    """Starts of Poisson processes; the EVSE ``dead`` (none: all live) has none at the end."""
    chance = random.Random(seed)
    begin = NOW - timedelta(days=90)
    uses = []
    for number, rate in enumerate(per_week):
        at, starts = begin, []
        while True:
            at += timedelta(days=chance.expovariate(rate / 7))
            if at > NOW - (timedelta(days=14) if number == dead else timedelta()):
                break
            starts.append(at)
        uses.append(Use(station=number, evse=1, starts=starts, up_since_at=begin))
    return uses, NOW


def test_a_silent_evse_is_found_and_false_alarms_stay_within_the_stated_rate() -> None:
    """At most alpha false alarms a quiet time; looked at every six hours, as tight as possible."""
    rates = [20.0, 8.0, 12.0, 10.0]
    gaps = alarms = hits = 0
    for seed in range(25):
        uses, _now = year_of(seed, rates, None)
        raised: set[tuple[int, datetime]] = set()
        for step in range(4 * 30):
            at = NOW - timedelta(hours=6 * step)
            cut = [
                Use(
                    station=one.station, evse=1, up_since_at=one.up_since_at,
                    starts=[start for start in one.starts if start <= at],
                )
                for one in uses
            ]  # fmt: skip
            found = silences(cut, at, alpha=0.01, days=90, least=20)
            raised |= {(one.station, one.since_at) for one in found}
        alarms += len(raised)
        gaps += sum(len([s for s in one.starts if s > NOW - timedelta(days=30)]) for one in uses)
        broken, _now = year_of(seed, rates, 2)
        found = silences(broken, NOW, alpha=0.01, days=90, least=20)
        hits += any(one.station == 2 for one in found)

    assert hits == 25
    assert alarms <= 0.015 * gaps


@given(st.lists(st.integers(0, 2000), min_size=30, max_size=60, unique=True), st.integers(1, 99))
def test_silence_alone_needs_a_past_and_less_and_less_chance(hours: list[int], more: int) -> None:
    last = max(hours)
    starts = sorted(NOW - timedelta(hours=h) + timedelta(hours=last) for h in hours)
    starts = [min(one, NOW) for one in starts]
    use = Use(station=1, evse=1, starts=starts, up_since_at=NOW - timedelta(days=900))

    soon = silences([use], NOW + timedelta(hours=13), alpha=1.1, days=900, least=20)
    later = silences([use], NOW + timedelta(hours=13 + more), alpha=1.1, days=900, least=20)

    assert 0 <= later[0].chance < soon[0].chance <= 1
    assert silences([use], NOW + timedelta(days=99), alpha=1.1, days=900, least=999) == []


def test_every_code_of_the_lists_has_words_in_both_languages() -> None:
    known = set(OCPP) | set(MREC)

    assert known <= set(WORDS)
    assert len(MREC_WORDS) == 26
    with override("en"):
        english = {code: str(words) for code, words in WORDS.items()}
    with override("sv"):
        swedish = {code: str(words) for code, words in WORDS.items()}
    assert [code for code in WORDS if swedish[code] == english[code]] == []
    with override("en"):
        assert fault_words("CX005") == "Voltage too high (CX005)"
        assert fault_words("E-17") == "E-17"
