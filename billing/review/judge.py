"""The judge of rated sessions: what is doubtful is held, by findings and the operator's limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from billing.rating.judging import Case, Doubt
from billing.rating.models import BillingState
from billing.rating.session_facts import Correction
from billing.review.lapsing import lapse
from billing.review.limits import Limits, Priced, doubts_of
from billing.review.models import Hold, HoldEnd, ReviewRules
from billing.review.reasons import DISPUTED, group_of
from billing.review.uninvoiced import Place, uninvoiced
from core.accounts.models import Operator

Accepted = Collection[tuple[str, tuple[tuple[str, str], ...]]]


class RulesJudge:
    """Judges by each operator's rules; a reason that a person accepted holds nothing again."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.nobodys: Collection[Place] = ()

    def doubts(self, cases: Sequence[Case]) -> None:
        """Set what is doubtful of each case. Three queries, however many cases."""
        rules = rules_of({case.billing.operator_id for case in cases})
        self.nobodys = uninvoiced().among({_place(case) for case in cases})
        accepted, disputed = _decided(
            [case for case in cases if case.billing.revision or case.billing.state]
        )
        for case in cases:
            row = case.billing
            if row.is_free:
                continue
            own = rules.get(row.operator_id) or ReviewRules(operator_id=row.operator_id)
            found = [*disputed.get(row.pk, ()), *_found(case, own), *self._beyond(case, own)]
            kept = accepted.get(row.pk, ())
            case.doubts = tuple(
                one
                for one in _once(found)
                if (one.code, one.params) not in kept
                and not (
                    case.billing.correction and one.group == "feasibility" and _is_read(one, case)
                )
            )

    def _beyond(self, case: Case, rules: ReviewRules) -> tuple[Doubt, ...]:
        if case.result is None:
            return ()
        session, account = case.session, case.billing.account
        correction = Correction.from_dict(case.billing.correction)
        started_at = correction.started_at or session.started_at
        stopped_at = correction.stopped_at or session.stopped_at
        if started_at is None or stopped_at is None:
            return ()
        priced = Priced(
            started_at=started_at,
            stopped_at=stopped_at,
            result=case.result,
            account_currency=account.currency if account else None,
            max_power_w=session.evse.max_power_w if session.evse else None,
        )
        limits = limits_of(rules, case.billing.operator)
        if _place(case) in self.nobodys:
            limits = replace(limits, needs_account=False)
        return doubts_of(priced, limits, self.now)

    def keep(self, cases: Sequence[Case]) -> None:
        """Open new holds and close those that are no longer so, with the proposals about them.

        Three statements at most; two more where a session is held no longer.
        """
        settled = {BillingState.WAIVED, BillingState.DROPPED}
        judged = [case for case in cases if case.billing.state not in settled]
        wanted = {case.billing.pk: {one.code: one for one in case.doubts} for case in judged}
        known = [case.billing.pk for case in judged]
        cleared: list[int] = []
        freed: set[int] = set()
        changed: list[Hold] = []
        for hold in Hold.objects.filter(billing_id__in=known, closed_at=None):
            doubt = wanted[hold.billing_id].pop(hold.code, None)
            if doubt is None:
                cleared.append(hold.pk)
                freed.add(hold.billing_id)
            elif hold.params != dict(doubt.params):
                hold.params = dict(doubt.params)
                changed.append(hold)
        if cleared:
            Hold.objects.filter(pk__in=cleared).update(closed_at=self.now, end=HoldEnd.CLEARED)
            lapse([c.billing for c in judged if c.billing.pk in freed and not c.doubts], self.now)
        if changed:
            Hold.objects.bulk_update(changed, ["params"])
        Hold.objects.bulk_create(
            Hold(
                operator_id=case.billing.operator_id,
                billing=case.billing,
                code=doubt.code,
                group=doubt.group,
                params=dict(doubt.params),
                opened_at=self.now,
            )
            for case in judged
            for doubt in wanted[case.billing.pk].values()
        )


def _place(case: Case) -> Place:
    """Site and day of a case, as contracts count: where and when it was delivered."""
    site = case.session.station.site
    at = Correction.from_dict(case.billing.correction).stopped_at or case.session.stopped_at
    on = (at or case.session.first_received_at).astimezone(ZoneInfo(site.time_zone)).date()
    return site.pk, on


def _found(case: Case, rules: ReviewRules) -> list[Doubt]:
    """Doubtful findings of readings and prices, except those that the operator trusts."""
    trusted = set(rules.trusted_codes)
    found = [
        _doubt(str(one.get("code")), one.get("params") or {})
        for one in case.session.findings
        if one.get("severity") == "doubtful"
    ]
    found += [_doubt(one.code, dict(one.params)) for one in case.findings if one.is_doubtful]
    return [one for one in found if one.code not in trusted or one.group == "configuration"]


def _doubt(code: str, params: Mapping[str, object]) -> Doubt:
    return Doubt(code[:48], group_of(code), tuple(sorted((k, str(v)) for k, v in params.items())))


def _once(doubts: Sequence[Doubt]) -> list[Doubt]:
    """One doubt of each code: the first."""
    return list({one.code: one for one in reversed(doubts)}.values())[::-1]


def _is_read(doubt: Doubt, case: Case) -> bool:
    """Whether the doubt is about readings that a person has corrected."""
    return any(str(one.get("code")) == doubt.code for one in case.session.findings)


def _decided(
    cases: Sequence[Case],
) -> tuple[dict[int, set[tuple[str, tuple[tuple[str, str], ...]]]], dict[int, list[Doubt]]]:
    """What people accepted, and what customers object to still; by billing row, one query."""
    found: dict[int, set[tuple[str, tuple[tuple[str, str], ...]]]] = defaultdict(set)
    disputed: dict[int, list[Doubt]] = {}
    rows = Hold.objects.filter(
        Q(end=HoldEnd.ACCEPTED) | Q(code=DISPUTED, closed_at=None),
        billing_id__in=[case.billing.pk for case in cases],
    ).values_list("billing_id", "code", "params", "end")
    for billing_id, code, params, end in rows:
        if end == HoldEnd.ACCEPTED:
            found[billing_id].add((code, tuple(sorted(params.items()))))
        else:
            disputed[billing_id] = [_doubt(DISPUTED, {})]
    # An objection that was accepted once may be raised again.
    for billing_id in disputed:
        found[billing_id].discard((DISPUTED, ()))
    return found, disputed


def rules_of(operator_ids: Collection[int]) -> dict[int, ReviewRules]:
    """The rules of operators that have set any."""
    rows = ReviewRules.objects.filter(operator_id__in=operator_ids)
    return {row.operator_id: row for row in rows}


def limits_of(rules: ReviewRules, operator: Operator) -> Limits:
    """The rules as the pure checks take them."""
    return Limits(
        currency=operator.currency,
        max_energy_wh=rules.max_energy_wh,
        max_duration=timedelta(hours=rules.max_duration_h),
        max_gross=rules.max_gross,
        max_price_per_kwh=rules.max_price_per_kwh,
        max_idle_fee=rules.max_idle_fee,
        zero_cost_above_wh=rules.zero_cost_above_wh,
        needs_account=rules.needs_account,
    )
