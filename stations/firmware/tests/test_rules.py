"""The pure rules of updates: words, waves, guards, what a log holds."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.firmware import log_words
from stations.firmware.guards import StationFacts, never, not_now
from stations.firmware.log_reading import LISTING_BYTES, SHOWN_BYTES, view_of
from stations.firmware.progress import ACTIVE, ENDED, NEXT, after_word
from stations.firmware.waves import (
    DONE,
    GO_ON,
    HALT,
    NEXT_WAVE,
    CampaignFacts,
    TargetFacts,
    judge,
    waves_of,
)
from stations.firmware.words import campaign_why

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = [
    "Idle", "Downloading", "Downloaded", "DownloadFailed", "Installing", "Installed",
    "InstallationFailed", "InvalidSignature", "InstallRebooting", "SomethingElse",
]  # fmt: skip


def test_the_usual_words_lead_through_the_states_and_installed_waits_for_the_start() -> None:
    state = "sent"

    seen = []
    for word in ("Downloading", "Downloaded", "Idle", "Installing", "Downloading", "Installed"):
        state = after_word(state, word)
        seen.append(state)

    assert seen == ["downloading", "downloading", "downloading", *["installing"] * 3]
    assert after_word("sent", "InstallVerificationFailed") == "failed"


@given(st.sampled_from(sorted(NEXT)), st.lists(st.sampled_from(WORDS)))
def test_no_words_leave_the_table_or_reach_installed(state: str, words: list[str]) -> None:
    for word in words:
        after = after_word(state, word)
        assert after == state or after in NEXT[state]
        assert after != "installed" or state == "installed"
        state = after


@given(st.integers(0, 300), st.integers(1, 20), st.integers(1, 50))
def test_every_station_is_in_one_wave_and_no_wave_is_too_large(
    count: int, canary: int, size: int
) -> None:
    waves = waves_of(count, canary, size)

    assert len(waves) == count
    assert waves == sorted(waves)
    assert waves.count(0) == min(count, canary)
    assert all(waves.count(n) <= size for n in set(waves) if n)


def campaign(
    wave: int = 0, most: int = 1, counted_from_at: datetime | None = None
) -> CampaignFacts:
    return CampaignFacts(
        wave=wave,
        most_failures=most,
        pause=timedelta(hours=1),
        counted_from_at=counted_from_at or NOW - timedelta(days=1),
    )


def over(state: str, wave: int = 0) -> TargetFacts:
    return TargetFacts(wave, state, NOW)


def test_one_failure_halts_the_canary_and_a_wave_bears_its_limit() -> None:
    assert judge(campaign(), [over("failed"), TargetFacts(1, "waiting")]).step == HALT
    wave = [over("installed"), over("failed", 1), TargetFacts(1, "sent")]
    assert judge(campaign(1), wave).step == GO_ON
    assert judge(campaign(1), [*wave, over("timed_out", 1)]).step == HALT
    assert judge(campaign(1, counted_from_at=NOW), [*wave, over("failed", 1)]).step == GO_ON


def test_the_next_wave_comes_after_the_pause_and_the_end_after_the_last() -> None:
    found = judge(campaign(), [over("installed"), TargetFacts(2, "waiting")])

    assert (found.step, found.wave, found.at) == (NEXT_WAVE, 2, NOW + timedelta(hours=1))
    assert judge(campaign(), [over("installed"), over("skipped", 3)]).step == DONE


@given(
    st.lists(st.builds(TargetFacts, st.integers(0, 3), st.sampled_from(sorted(NEXT)), st.none()))
)
def test_a_campaign_ends_only_when_every_station_has(targets: list[TargetFacts]) -> None:
    found = judge(campaign(1), targets)

    assert (found.step == DONE) == all(one.state in ENDED for one in targets)
    if any(one.state in ACTIVE and one.wave <= 1 for one in targets):
        assert found.step in (GO_ON, HALT)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (StationFacts(), ""),
        (StationFacts(is_connected=False, has_session=True), "offline"),
        (StationFacts(has_session=True), "session"),
        (StationFacts(statuses={"available", "preparing"}), "plugged"),
        (StationFacts(was_authorised=True), "plugged"),
        (StationFacts(is_updating=True), "updating"),
        (StationFacts(hour=12), "hours"),
        (StationFacts(hour=5), "hours"),
    ],
)
def test_a_station_in_use_waits(facts: StationFacts, why: str) -> None:
    assert not_now(facts, *((22, 5) if facts.hour else (None, None))) == why
    assert not_now(StationFacts(hour=23), 22, 5) == ""
    assert never(StationFacts(hands_off=True)) == "hands_off"


def test_a_halt_is_told_in_words_and_a_persons_reason_as_it_is() -> None:
    assert campaign_why("failures:2") == "Halted by itself: failures in the wave: 2."
    assert campaign_why("failures: see the note") == "failures: see the note"


def test_uploaded_alone_is_no_file() -> None:
    assert log_words.after_word("uploading", "Uploaded") == "uploading"
    assert log_words.after_word("asked", "UploadFailure") == "failed"
    assert log_words.is_nothing({}, "GetDiagnostics")
    assert not log_words.is_nothing({"status": "Accepted"}, "GetLog")


def test_a_log_is_shown_by_what_it_is_and_never_all_of_it() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a/b.log", "x" * 9)
    archive.seek(0)
    long = b"a line\r\n\x1b[0m" * SHOWN_BYTES

    assert view_of(io.BytesIO(b"hi\n")).text == "hi\n"
    shown = view_of(io.BytesIO(long))
    assert (shown.kind, shown.is_cut) == ("text", True)
    assert "\x1b" not in shown.text
    bomb = view_of(io.BytesIO(gzip.compress(b"a" * 50_000_000)))
    assert (bomb.kind, bomb.is_cut, len(bomb.text)) == ("text", True, SHOWN_BYTES)
    assert [(e.name, e.size_bytes) for e in view_of(archive).entries] == [("a/b.log", 9)]
    assert view_of(io.BytesIO(b"\x00\x01")).kind == "binary"
    assert view_of(io.BytesIO(b"PK\x03\x04broken")).kind == "binary"


def test_a_listing_of_an_archive_that_would_fill_the_memory_is_not_read() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for number in range(LISTING_BYTES // 40_000 + 1):
            packed.writestr(f"{number}-".ljust(40_000, "x"), b"")
    archive.seek(0)

    assert view_of(archive).kind == "binary"
