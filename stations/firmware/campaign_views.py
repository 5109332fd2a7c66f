"""Pages of campaigns: the list, one, a new one with its confirmation, and what people decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.forms import attempt, posted
from core.lists.views import list_view
from stations.firmware import campaigns as services
from stations.firmware import selectors
from stations.firmware.forms import CampaignForm
from stations.firmware.lists import CAMPAIGNS, TargetFilter
from stations.firmware.models import Campaign, CampaignState
from stations.firmware.words import campaign_why, said, why_word
from stations.hardware.tab_views import page_of

campaign_list = list_view(CAMPAIGNS)
SHOWN = 200


@permission_required(Permission.FIRMWARE_VIEW)
@require_safe
def campaign_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """A campaign: how it is set, how its waves and stations stand."""
    campaign = selectors.campaign_or_404(public_id)
    filters = TargetFilter(request.GET, queryset=selectors.targets(campaign), request=request)
    page = page_of(request, filters.result)
    page.object_list = [
        (target, why_word(target.why), said(target.word)) for target in page.object_list
    ]
    waves = selectors.wave_rows(campaign)
    context = {
        "campaign": campaign,
        "why": campaign_why(campaign.why),
        "filter": filters,
        "page": page,
        "waves": waves,
        "share": selectors.share_ended(waves),
        "can_edit": has_permission(request, Permission.FIRMWARE_EDIT),
        "may_resume": campaign.state in (CampaignState.PAUSED, CampaignState.HALTED),
        "is_live": campaign.state in services.LIVE,
    }
    return render(request, "stations/firmware/campaign_detail.html", context)


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def campaign_create(request: HttpRequest) -> HttpResponse:
    """First what is wanted, then the stations it means; posting those begins it."""
    form = CampaignForm(posted(request), initial={"image": request.GET.get("firmware")})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        done = _confirmed(request, form)
        if done is not None:
            return done
        image, plan = form.image_chosen(), form.plan()
        chosen = attempt(form, lambda: services.choose(image, plan))
        if chosen is not None:
            taken = [one for one in chosen if not one.why]
            left = [(one.station, why_word(one.why)) for one in chosen if one.why]
            context |= {
                "chosen": taken[:SHOWN],
                "left_out": left[:SHOWN],
                "taken_count": len(taken),
                "left_count": len(left),
                "wave_count": max((one.wave for one in taken), default=0),
                "seen": services.digest_of(chosen),
                "image": image,
                "hidden": _hidden(request),
            }
            return render(request, "stations/firmware/campaign_confirm.html", context)
    return render(request, "stations/firmware/campaign_form.html", context)


def _hidden(request: HttpRequest) -> list[tuple[str, str]]:
    """What was filled in, to be sent again."""
    left = {"csrfmiddlewaretoken", "seen", "confirmed", "change"}
    return [
        (name, value) for name, values in request.POST.lists() if name not in left
        for value in values
    ]  # fmt: skip


def _confirmed(request: HttpRequest, form: CampaignForm) -> HttpResponse | None:
    if "confirmed" not in request.POST:
        return None
    made = attempt(
        form,
        lambda: services.start_campaign(
            image=form.image_chosen(),
            name=form.cleaned_data["name"],
            plan=form.plan(),
            reason=form.cleaned_data["reason"],
            seen=request.POST.get("seen", "") or "-",
        ),
    )
    if made is None:
        return None
    messages.success(request, _("The campaign has begun."))
    return redirect("campaign_detail", public_id=made.public_id)


def _decided(
    request: HttpRequest,
    campaign: Campaign,
    question: Question,
    act: Callable[..., object],
) -> HttpResponse:
    return confirm(
        request,
        question,
        lambda reason: act(campaign=campaign, reason=reason),
        back_url=reverse("campaign_detail", args=[campaign.public_id]),
    )


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def campaign_pause(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask no further station for now."""
    campaign = selectors.campaign_or_404(public_id)
    question = Question(
        title=_("Pause %(name)s") % {"name": campaign},
        consequence=_("No further station is asked. Updates that run go on."),
        verb=_("Pause"),
        done=_("The campaign is paused."),
    )
    return _decided(request, campaign, question, services.pause_campaign)


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def campaign_resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go on after a pause or a halt."""
    campaign = selectors.campaign_or_404(public_id)
    question = Question(
        title=_("Let %(name)s go on") % {"name": campaign},
        consequence=_("Failures until now no longer count towards the limit of the wave."),
        verb=_("Go on"),
        done=_("The campaign goes on."),
    )
    return _decided(request, campaign, question, services.resume_campaign)


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def campaign_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a campaign for good."""
    campaign = selectors.campaign_or_404(public_id)
    question = Question(
        title=_("Cancel %(name)s") % {"name": campaign},
        consequence=_("Stations that wait are left out. Updates that run cannot be called back."),
        verb=_("Cancel the campaign"),
        done=_("The campaign has been cancelled."),
    )
    return _decided(request, campaign, question, services.cancel_campaign)


@permission_required(Permission.FIRMWARE_EDIT)
@require_http_methods(["GET", "POST"])
def campaign_retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Try stations that failed once more."""
    campaign = selectors.campaign_or_404(public_id)
    question = Question(
        title=_("Try the failed stations of %(name)s again") % {"name": campaign},
        consequence=_("They wait again, in the present wave, until the campaign runs."),
        verb=_("Try again"),
        done=_("The failed stations wait again."),
    )
    return _decided(request, campaign, question, services.retry_failed)
