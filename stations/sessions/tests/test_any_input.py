"""No frame, however odd, makes the reconciler fail."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stations.management.reconcile_lines import UnreadableInput, reconcile_lines
from stations.sessions.findings import TEXTS

texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "-1", "NaN", "1e400", "L1", "kWh", "Started", "Ended", "\u0000", "=1+1"]),
    st.sampled_from(["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-05-04T08:00:00"]),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
sample = st.fixed_dictionaries(
    {"value": scalars},
    optional=dict.fromkeys(("unit", "phase", "measurand", "context", "location"), scalars)
    | {"unitOfMeasure": anything},
)
meter_value = st.fixed_dictionaries(
    {}, optional={"timestamp": scalars, "sampledValue": st.lists(st.one_of(sample, anything))}
)
payload = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("connectorId", "idTag", "meterStart", "meterStop"), scalars)
    | dict.fromkeys(("transactionInfo", "evse", "idToken", "reason", "transactionId"), anything)
    | dict.fromkeys(("timestamp", "eventType", "seqNo", "offline", "evseId"), scalars)
    | {"meterValue": st.lists(st.one_of(meter_value, anything), max_size=2)},
)
frame = st.one_of(
    st.tuples(
        st.just(2),
        scalars,
        st.sampled_from(["StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"]),
        st.one_of(payload, payload, anything),
    ).map(list),
    st.tuples(st.sampled_from([3, 4]), scalars, anything).map(list),
    anything,
)
line = st.one_of(
    st.fixed_dictionaries(
        {
            "at": st.sampled_from(["2026-05-04T08:00:01Z", "2026-05-04T09:00:01Z"]),
            "station": st.sampled_from(["CP1", "CP2"]),
            "ocpp": st.sampled_from(["1.6", "2.0.1"]),
            "frame": frame,
        },
        optional={"dir": st.sampled_from(["in", "out"])},
    ),
    st.fixed_dictionaries({"context": anything}),
    anything,
)


@settings(deadline=None, max_examples=150)
@given(st.lists(line, max_size=6))
def test_any_lines_give_sessions_and_errors(lines: list[Any]) -> None:
    data = "\n".join(json.dumps(one) for one in lines).encode()

    for one in reconcile_lines(data):
        if "error" in one:
            assert set(one["error"]) == {"code", "message", "at"}
        else:
            assert set(one["findings"]) <= set(TEXTS)
            assert one["energy_wh"] is None or "e" not in one["energy_wh"].lower()
            json.dumps(one, allow_nan=False)


@given(st.binary(max_size=40))
def test_any_bytes_are_answered_or_refused(data: bytes) -> None:
    try:
        out = reconcile_lines(data)
    except UnreadableInput:
        return
    assert isinstance(out, list)
