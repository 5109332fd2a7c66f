"""Carrying out campaigns by the clock: what stations told, verdicts, further commands.

Every turn pulls rows under a lock that others skip; a lost or killed turn loses nothing.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from core.audit.services import SYSTEM
from core.errors import RuleViolation
from stations.commands.models import Command, CommandState
from stations.firmware.facts import facts_of
from stations.firmware.guards import never, not_now
from stations.firmware.images import location
from stations.firmware.models import Campaign, CampaignState, CampaignStation, TargetState
from stations.firmware.progress import (
    ACTIVE,
    INSTALLED,
    TIMED_OUT,
    after_word,
    is_refusal,
    same_version,
)
from stations.firmware.states import move, set_state
from stations.firmware.transfers import new_token
from stations.firmware.waves import DONE, HALT, NEXT_WAVE, CampaignFacts, TargetFacts, judge
from stations.ocpp.models import StationEvent
from stations.ocpp.sending import request_command

logger = logging.getLogger(__name__)
A_TURN: Final = 200
"""Looked at in one turn, by lot: where there are more, none has to wait for others to end."""
SENT_A_TURN: Final = 25
EXPIRY: Final = timedelta(seconds=20)
"""What is not sent by then is not sent: the station may be in use later."""
_UNSENT: Final = frozenset({CommandState.REFUSED_OFFLINE, CommandState.EXPIRED})


def follow_due(*, now: datetime) -> int:
    """Bring updates that go on up to date; returns how many were looked at."""
    rows = CampaignStation.objects.filter(state__in=sorted(ACTIVE)).order_by("?")
    pks = list(rows.values_list("pk", flat=True)[:A_TURN])
    for pk in pks:
        with transaction.atomic():
            target = (
                CampaignStation.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("station__link", "campaign__image")
                .filter(pk=pk, state__in=sorted(ACTIVE))
                .first()
            )
            if target is not None:
                _follow(target, now)
    return len(pks)


def _follow(target: CampaignStation, now: datetime) -> None:
    assert target.sent_at is not None
    _read_version(target, now)
    _read_words(target, now)
    if target.state == TargetState.SENT:
        _read_answer(target, now)
    if target.state in ACTIVE and target.due_at is not None and now >= target.due_at:
        why = "not_seen" if target.word.lower() == "installed" else "no_answer"
        move(target, TIMED_OUT, now, why=why)


def _read_version(target: CampaignStation, now: datetime) -> None:
    """Installed is what the station says it runs at a start after it was asked."""
    station, link = target.station, target.station.link
    assert target.sent_at is not None
    if link.booted_at is None or link.booted_at <= target.sent_at:
        return
    if same_version(station.firmware_version, target.campaign.image.version):
        move(target, INSTALLED, now, seen_version=station.firmware_version)
    elif target.seen_version != station.firmware_version:
        move(target, target.state, now, seen_version=station.firmware_version)


def _read_words(target: CampaignStation, now: datetime) -> None:
    """What it told since it was asked, in order; of another request if the number differs."""
    told = StationEvent.objects.filter(
        station=target.station,
        kind="firmware",
        received_at__gte=target.sent_at,
        pk__gt=target.seen_event,
    ).order_by("pk")
    for event in told[:100]:
        is_other = (
            event.request_number is not None
            and target.request_number is not None
            and event.request_number != target.request_number
        )
        state = target.state if is_other else after_word(target.state, event.name)
        changes = {} if is_other else {"word": event.name[:60], "told_at": event.received_at}
        move(target, state, now, seen_event=event.pk, **changes)


def _read_answer(target: CampaignStation, now: datetime) -> None:
    command = Command.objects.filter(public_id=target.command_ref).first()
    if command is None:
        return
    if command.state in _UNSENT:
        _wait_again(target, now)
    elif command.state == CommandState.FAILED:
        word = command.error_code or command.error_text
        move(target, TargetState.FAILED, now, why="refused", word=word[:60])
    elif command.state == CommandState.ANSWERED and is_refusal(command.answer_status):
        word = command.answer_status
        move(target, TargetState.FAILED, now, why="refused", word=word[:60])


def _wait_again(target: CampaignStation, now: datetime) -> None:
    """It was not asked after all: it waits, or is left out if the campaign was cancelled since."""
    move(target, TargetState.WAITING, now, why="offline", token_digest="")
    campaign = Campaign.objects.select_for_update().get(pk=target.campaign_id)
    if campaign.state == CampaignState.CANCELLED:
        move(target, TargetState.SKIPPED, now, why="cancelled")


def judge_due(*, now: datetime) -> int:
    """Halt, end or lead on campaigns that run."""
    running = Campaign.objects.filter(state=CampaignState.RUNNING).order_by("?")
    pks = list(running.values_list("pk", flat=True)[:A_TURN])
    for pk in pks:
        with transaction.atomic():
            campaign = (
                Campaign.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=pk, state=CampaignState.RUNNING)
                .first()
            )
            if campaign is not None:
                _judge(campaign, now)
    return len(pks)


def _judge(campaign: Campaign, now: datetime) -> None:
    _give_up(campaign, now)
    rows = campaign.targets.values_list("wave", "state", "ended_at")
    verdict = judge(
        CampaignFacts(
            wave=campaign.wave,
            most_failures=campaign.most_failures,
            pause=timedelta(minutes=campaign.pause_minutes),
            counted_from_at=campaign.counted_from_at,
        ),
        [TargetFacts(*row) for row in rows],
    )
    running = (CampaignState.RUNNING,)
    if verdict.step == HALT:
        why = f"failures:{verdict.failures}"
        set_state(campaign, CampaignState.HALTED, origins=running, why=why, by=SYSTEM)
    elif verdict.step == DONE:
        set_state(campaign, CampaignState.DONE, origins=running, why="", by=SYSTEM)
    elif verdict.step == NEXT_WAVE and verdict.at is not None:
        own = Campaign.objects.filter(pk=campaign.pk)
        if now >= verdict.at:
            own.update(wave=verdict.wave, wave_began_at=now, next_wave_at=None)
        elif campaign.next_wave_at != verdict.at:
            own.update(next_wave_at=verdict.at)


def _give_up(campaign: Campaign, now: datetime) -> None:
    """A station that could not be asked for so long does not hold its wave up."""
    if now < campaign.wave_began_at + timedelta(hours=campaign.wait_hours):
        return
    late = campaign.targets.filter(state=TargetState.WAITING, wave__lte=campaign.wave)
    for target in late.order_by("pk"):
        move(target, TargetState.SKIPPED, now, why="too_long")


def send_due(*, now: datetime) -> int:
    """Ask stations of the present waves that may be updated now; returns how many were asked."""
    due = CampaignStation.objects.filter(
        state=TargetState.WAITING,
        campaign__state=CampaignState.RUNNING,
        wave__lte=F("campaign__wave"),
    ).order_by("pk")
    asked = 0
    for pk in list(due.values_list("pk", flat=True)):
        if asked >= SENT_A_TURN:
            break
        with transaction.atomic():
            target = (
                CampaignStation.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("station__link", "station__site", "campaign__image")
                .filter(pk=pk, state=TargetState.WAITING, campaign__state=CampaignState.RUNNING)
                .first()
            )
            if target is not None:
                asked += _take(target, now)
    return asked


def _take(target: CampaignStation, now: datetime) -> bool:
    campaign = target.campaign
    facts = facts_of(target, now)
    lasting = never(facts)
    if lasting == "has_version":
        return not move(target, INSTALLED, now, seen_version=target.station.firmware_version)
    if lasting:
        return not move(target, TargetState.SKIPPED, now, why=lasting)
    wait = not_now(facts, campaign.from_hour, campaign.until_hour)
    if wait:
        if wait != target.why:
            move(target, TargetState.WAITING, now, why=wait)
        return False
    return _send(target, now)


def _send(target: CampaignStation, now: datetime) -> bool:
    """The command and what is known of it, or neither."""
    token, digest = new_token()
    image = target.campaign.image
    number = secrets.randbelow(2**31 - 1) + 1
    parameters = {
        "url": location(image, token),
        "retrieve_at": now.isoformat(),
        "request_id": number,
        "retries": 3,
        "retry_interval_s": 60,
    }
    if image.is_signed:
        parameters |= {
            "signature": image.signature,
            "signing_certificate": image.signing_certificate,
        }
    latest = StationEvent.objects.filter(station=target.station, kind="firmware").order_by("-pk")
    try:
        with transaction.atomic():
            command = request_command(
                station=target.station, command="update_firmware", parameters=parameters,
                by=SYSTEM, reason=target.campaign.public_id, expires_in=EXPIRY,
            )  # fmt: skip
            return move(
                target, TargetState.SENT, now, why="", word="", seen_version="",
                attempts=target.attempts + 1, command_ref=command.public_id,
                request_number=number, sent_at=now, told_at=None,
                seen_event=latest.values_list("pk", flat=True).first() or 0,
                due_at=now + timedelta(minutes=target.campaign.patience_minutes),
                token_digest="" if image.url else digest, downloads=0,
            )  # fmt: skip
    except RuleViolation as refusal:
        logger.info("campaign %s: refused: %s", target.campaign.public_id, refusal.code)
        move(target, TargetState.FAILED, now, why="not_sent", word=refusal.code[:60])
    except IntegrityError:
        move(target, TargetState.WAITING, now, why="updating")
    return False
