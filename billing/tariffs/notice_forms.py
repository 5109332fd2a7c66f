"""Forms of price notices and of giving many sites a price."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import PriceGroup
from billing.tariffs.notice import MOST_DAYS
from core.forms import moment_widget
from stations.hardware.choices import ConnectorType
from stations.sites.models import Site


class ShortNoticeField(forms.BooleanField):
    """The box by which a person accepts that customers are told later than the rule says."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "label": _("Accept a shorter notice"),
                "help_text": _(
                    "Customers concerned are told before a new price, so long as the rules say. "
                    "With this box they are told at once, and the reason is kept."
                ),
                **kwargs,
            }
        )


class NoticeRulesForm(forms.Form):
    """How long before a new price customers are told."""

    notice_days = forms.IntegerField(
        label=_("Days before a new price"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("Customers concerned are told so long before. 0: they are not told."),
    )
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)


class RollOutForm(forms.Form):
    """The sites that get the price, and from when."""

    sites: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Sites"),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    connector_type = forms.ChoiceField(
        label=_("Connector type"),
        required=False,
        choices=[("", _("Every type")), *ConnectorType.choices[:-1]],
    )
    price_group: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Price group"),
        required=False,
        empty_label=_("Everyone"),
        to_field_name="public_id",
    )
    starts_at = forms.DateTimeField(
        label=_("From"),
        required=False,
        widget=moment_widget(),
        help_text=_("Empty: at once. Sessions that run keep the price they began with."),
    )
    publishes_draft = forms.BooleanField(
        label=_("Publish the draft from then"),
        required=False,
        help_text=_("It then holds wherever the tariff is assigned, also at other sites."),
    )
    accepts_short_notice = ShortNoticeField()
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name in the audit trail."),
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, has_draft: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites, groups = self.fields["sites"], self.fields["price_group"]
        assert isinstance(sites, forms.ModelMultipleChoiceField)
        assert isinstance(groups, forms.ModelChoiceField)
        sites.queryset = Site.objects.filter(retired_on=None).order_by("name", "id")
        groups.queryset = PriceGroup.objects.filter(retired_on=None).order_by("name", "id")
        if not has_draft:
            del self.fields["publishes_draft"], self.fields["digest"]
