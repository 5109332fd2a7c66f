"""Findings: what was odd about a session, how bad it is, and the words that explain it (pure).

A finding is a stable code with a severity and named parameters. ``TEXTS`` holds one English
sentence per code with ``%(name)s`` places; pages translate it. ``info`` is worth knowing;
``doubtful`` holds the session for review, so nothing doubtful is ever invoiced by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

Severity = Literal["info", "doubtful"]
Value = str | int | Decimal | datetime | timedelta


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding; ``params`` are (name, plain text) pairs in order of name."""

    code: str
    severity: Severity
    params: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_doubtful(self) -> bool:
        """Whether this finding alone holds the session."""
        return self.severity == "doubtful"

    def as_dict(self) -> dict[str, object]:
        """The shape kept in the session's ``findings`` column."""
        return {"code": self.code, "severity": self.severity, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class FindingText:
    """Usual severity of a code and its sentence."""

    severity: Severity
    text: str


TEXTS: Mapping[str, FindingText] = {
    # Which messages belong together
    "start_missing": FindingText("doubtful", "The station never reported the start."),
    "end_missing": FindingText(
        "doubtful", "The end never arrived; the session was closed from the last sign of it."
    ),
    "closed_by_hand": FindingText("doubtful", "A person closed the session."),
    "superseded": FindingText(
        "info", "Another session began on the same EVSE at %(at)s before this one ended."
    ),
    "silent": FindingText("info", "Nothing was heard of the session since %(at)s."),
    "not_ongoing": FindingText("info", "The station says that the transaction is not ongoing."),
    "connector_free": FindingText("info", "The connector was free at %(at)s."),
    "start_repeated": FindingText("info", "The start was reported %(count)s times."),
    "start_conflict": FindingText(
        "doubtful", "Two different starts claim the same transaction; the first one counts."
    ),
    "stop_repeated": FindingText("info", "The stop was reported %(count)s times."),
    "stop_conflict": FindingText(
        "doubtful", "A second stop has another register value; the first one counts."
    ),
    "matched_by_rule": FindingText(
        "info", "The start was matched to transaction %(transaction)s by connector, token and time."
    ),
    "stop_matched_by_rule": FindingText(
        "info", "The stop named no transaction; only this open session fitted it."
    ),
    "stop_id_unknown": FindingText(
        "doubtful",
        "The stop named the unknown transaction %(transaction)s; token, time and register fit.",
    ),
    "stop_ambiguous": FindingText(
        "doubtful", "A stop without a known transaction fits this session and others."
    ),
    "stop_unmatched": FindingText("doubtful", "A stop arrived that fits no open session."),
    "readings_by_connector": FindingText(
        "info", "Meter readings without a transaction were matched by EVSE and time."
    ),
    "transaction_id_reused": FindingText(
        "info", "The station used this transaction id for more than one session."
    ),
    "sessions_overlap": FindingText(
        "doubtful", "Two sessions on the same EVSE overlap in time (until %(at)s)."
    ),
    "events_after_end": FindingText(
        "info", "Messages about times after the end are kept and change nothing (%(count)s)."
    ),
    "readings_after_end": FindingText(
        "info", "Readings from after the end are kept and change nothing (%(count)s)."
    ),
    "readings_before_start": FindingText(
        "info", "Readings from before the start were left out (%(count)s)."
    ),
    # Who
    "token_missing": FindingText("doubtful", "No id token was reported."),
    "no_authorisation": FindingText("info", "The session was free to all; no token was asked for."),
    "token_from_remote_start": FindingText(
        "info", "No id token was reported; remote start %(remote_start)s tells whose it is."
    ),
    "token_rejected": FindingText(
        "doubtful", "The id token was not accepted, yet the station delivered."
    ),
    "stop_token_differs": FindingText("info", "Another token ended the session than began it."),
    # When
    "clock_drift": FindingText(
        "info", "The station's clock was off; times were corrected by %(seconds)s s."
    ),
    "clock_local_time": FindingText(
        "info", "The station sends local time as UTC; times were corrected by %(seconds)s s."
    ),
    "clock_unset": FindingText(
        "info", "The station's clock was not set; times follow our arrival times."
    ),
    "clock_unusable": FindingText(
        "doubtful", "The time %(raw)s cannot be right; the arrival time was used."
    ),
    "reading_times_unusable": FindingText(
        "info", "Some readings have no usable time; the message's arrival was used."
    ),
    "stop_before_start": FindingText(
        "doubtful", "The stop is dated before the start; its arrival time was used."
    ),
    "delivered_late": FindingText(
        "info", "Messages arrived up to %(seconds)s s late, after the station had been offline."
    ),
    "time_without_zone": FindingText(
        "info", "Times came without a zone and were read in the station's zone."
    ),
    # How much
    "energy_not_yet_known": FindingText("info", "No second register reading has arrived yet."),
    "no_readings": FindingText(
        "doubtful", "The station sent no register reading: the energy is not known."
    ),
    "one_reading_only": FindingText(
        "doubtful", "Only one credible register reading exists: the energy is not known."
    ),
    "meter_start_missing": FindingText(
        "doubtful", "No register value at the start; counted from the reading at %(at)s."
    ),
    "meter_stop_missing": FindingText(
        "doubtful", "No register value at the end; counted to the reading at %(at)s."
    ),
    "begin_reading_late": FindingText("info", "The first reading came shortly after the start."),
    "end_reading_early": FindingText("info", "The last reading came shortly before the end."),
    "meter_start_not_credible": FindingText(
        "doubtful", "The register value %(wh)s Wh at the start is not credible; it was left out."
    ),
    "meter_stop_not_credible": FindingText(
        "doubtful",
        "The register value %(wh)s Wh at the end is not credible; the last credible one counts.",
    ),
    "stop_equals_start": FindingText(
        "doubtful", "The stop repeats the start's register, but the readings show energy."
    ),
    "register_outlier": FindingText(
        "info", "Readings that do not fit their neighbours were left out (%(count)s)."
    ),
    "register_reset": FindingText(
        "doubtful", "The register fell from %(before)s to %(after)s Wh; at least this much flowed."
    ),
    "register_rollover": FindingText(
        "info", "The register rolled over from %(before)s to %(after)s Wh."
    ),
    "register_jump": FindingText(
        "doubtful", "The register jumped from %(before)s to %(after)s Wh; the jump is not counted."
    ),
    "impossible_power": FindingText(
        "doubtful", "The readings mean more power than the connector's %(max_power_w)s W."
    ),
    "unit_jump": FindingText(
        "doubtful",
        "Readings mix Wh and kWh under one label; some were read in the other (%(count)s).",
    ),
    "unit_implausible": FindingText(
        "doubtful", "The unit must be wrong by a factor of a thousand (label %(unit)s)."
    ),
    "unit_corrected": FindingText("info", "The unit was corrected as known for this model."),
    "unit_unknown": FindingText("info", "Register samples have an unknown unit (%(count)s)."),
    "phases_summed": FindingText("info", "The register is the sum of its phases."),
    "phases_incomplete": FindingText(
        "info", "Readings with only some phases were not taken for the total (%(count)s)."
    ),
    "register_location": FindingText(
        "info", "Registers from elsewhere than the outlet were not used (%(count)s)."
    ),
    "sample_unreadable": FindingText(
        "info", "Samples that are no numbers were left out (%(count)s)."
    ),
    "energy_from_intervals": FindingText(
        "doubtful", "There is no register; interval values were added up (%(count)s)."
    ),
    "readings_gap": FindingText(
        "info", "No reading between %(from_at)s and %(to_at)s, though energy flowed."
    ),
    "power_contradicts_register": FindingText(
        "doubtful", "The reported power means %(wh)s Wh, far from the register's figure."
    ),
    # What the frame itself showed (notes of the readers)
    "duplicate_keys": FindingText("info", "A message had the same member twice; the last counts."),
    "schema_violation": FindingText("info", "A message broke the protocol's schema."),
    "time_missing": FindingText("info", "A message or reading came without a time."),
    "time_unreadable": FindingText("info", "A time could not be read."),
    "time_implausible": FindingText("info", "A time lies before 2010 or after 2100."),
    "time_form": FindingText("info", "A time was not written as RFC 3339 asks."),
    "control_characters": FindingText("info", "Control characters were removed from a text."),
    "text_cut": FindingText("info", "A text was longer than what is stored."),
    "text_from_number": FindingText("info", "A number stood where a text belongs."),
    "number_from_text": FindingText("info", "A text stood where a whole number belongs."),
    "not_a_number": FindingText("info", "A value is no number; it was skipped."),
    "number_out_of_range": FindingText("info", "A number is too large; it was skipped."),
    "decimal_comma": FindingText("info", "A number was written with a decimal comma."),
    "member_form": FindingText("info", "A member had another type than the schema's."),
    "no_samples": FindingText("info", "A meter value had no samples."),
    "signed_data": FindingText("info", "A signed value was kept; it is no number itself."),
    "unknown_measurand": FindingText("info", "A sample measures something unknown."),
    "unknown_unit": FindingText("info", "A sample has an unknown unit."),
    "unknown_reason": FindingText("info", "The stop reason is none of the protocol's."),
    "unknown_event_type": FindingText("info", "An event is neither Started, Updated nor Ended."),
    "empty_id_token": FindingText("info", "A message had an empty id token."),
    "id_token_missing": FindingText("info", "A start came without an id token."),
    "connector_missing": FindingText("info", "A message named no connector."),
    "connector_implausible": FindingText("info", "A session was reported on connector 0 or below."),
    "meter_missing": FindingText("info", "A start or stop came without its register value."),
    "meter_negative": FindingText("info", "A start or stop had a negative register value."),
    "transaction_missing": FindingText("info", "A message named no transaction."),
    "transaction_not_positive": FindingText("info", "A message named transaction 0 or below."),
    "sequence_missing": FindingText("info", "An event came without its sequence number."),
}


def found(code: str, severity: Severity | None = None, **params: Value) -> Finding:
    """A finding with its usual severity (or ``severity``); parameters become plain text.

    A code outside the table (a reader's note of a later version) is kept as information.
    """
    known = TEXTS.get(code)
    usual: Severity = known.severity if known else "info"
    texts = tuple(sorted((name, _plain(value)) for name, value in params.items()))
    return Finding(str(code), severity or usual, texts)


def explain(finding: Finding) -> str:
    """The English sentence of a finding with its parameters put in."""
    known = TEXTS.get(finding.code)
    if known is None:
        return finding.code
    params = dict(finding.params)
    try:
        return known.text % params
    except KeyError:  # stored by another release with other parameters
        return known.text


def settle(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without repeats, doubtful ones first, then by code."""
    return tuple(sorted(set(findings), key=lambda one: (one.severity, one.code, one.params)))


def plain_number(value: Decimal) -> str:
    """Plain decimal notation without exponent or needless zeros: ``7420``, ``7420.5``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _plain(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    return str(value)
