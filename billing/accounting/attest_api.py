"""REST: second approvals of entries, and what sites are called in the books."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.accounting.attest_models import EntryAttest
from billing.accounting.attests import attest_entry
from billing.accounting.selectors import entries
from billing.accounting.site_code_views import SiteCodeFilter
from billing.accounting.site_codes import set_site_code, sites_with_codes
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ListView, ScopedView


class EntryAttestSerializer(serializers.ModelSerializer[EntryAttest]):
    """Who approved an entry."""

    class Meta:
        model = EntryAttest
        fields = ("by_label", "note", "attested_at")


class AttestSerializer(Input):
    """A word about it, if there is something to say."""

    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class SiteCodeSerializer(serializers.Serializer[Any]):
    """A site and what the books call it; ``code`` is empty where that is its public id."""

    site = serializers.CharField(source="public_id")
    name = serializers.CharField()
    code = serializers.SerializerMethodField()
    shown_code = serializers.CharField()

    def get_code(self, row: Any) -> str:
        """The site's own code."""
        return row.code or ""


class SiteCodeWriteSerializer(Input):
    """What the site is called from the next entry on; empty: its public id."""

    code = serializers.CharField(max_length=20, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class EntryAttestation(ScopedView):
    """POST approves what another person let go."""

    write_permission = Permission.LEDGER_CLOSE

    @extend_schema(request=AttestSerializer, responses={201: EntryAttestSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """409 for entries that need no approval or have one, and for one's own doing."""
        entry = get_object_or_404(entries(), public_id=ref)
        given = AttestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = attest_entry(entry=entry, note=given.validated_data["note"])
        return Response(EntryAttestSerializer(made).data, status=201)


class SiteCodeList(ListView):
    """Sites with their codes in the books."""

    read_permission = Permission.LEDGER_VIEW
    serializer_class = SiteCodeSerializer
    filterset_class = SiteCodeFilter

    def rows(self) -> QuerySet[Any]:
        """Sites of the caller's operator."""
        return sites_with_codes()


class SiteCodeDetail(ScopedView):
    """PUT calls a site otherwise in the books."""

    write_permission = Permission.LEDGER_EDIT

    @extend_schema(request=SiteCodeWriteSerializer, responses=SiteCodeSerializer)
    def put(self, request: Request, ref: str) -> Response:
        """422 for a code that a ledger does not take, or another site has."""
        site = get_object_or_404(sites_with_codes(), public_id=ref)
        given = SiteCodeWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_site_code(site=site, **given.validated_data)
        return Response(SiteCodeSerializer(sites_with_codes().get(pk=site.pk)).data)


urls = [
    address("journal-entries/{ref}/attest", EntryAttestation, "journal_entry_attest"),
    address("site-codes", SiteCodeList, "site_codes"),
    address("site-codes/{ref}", SiteCodeDetail, "site_code"),
]
