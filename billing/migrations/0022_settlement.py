"""Settlement with hosts: terms, statements, payouts, set-offs."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from billing.payments.guards import only_changes
from billing.settlement.guards import (
    issued_statements_stay,
    settled_terms_stay,
    statement_parts_stay,
)
from core.migrating import CreateModels
from core.tenancy import sql

KEYS = {
    "billing_hostterms": {
        "site_id": "stations_site",
        "host_id": "billing_seller",
        "station_id": "stations_station",
        "fee_account_id": "billing_billingaccount",
    },
    "billing_hostterm": {
        "terms_id": "billing_hostterms",
    },
    "billing_payoutbatch": {
        "seller_id": "billing_seller",
    },
    "billing_hostpayout": {
        "batch_id": "billing_payoutbatch",
        "host_id": "billing_seller",
        "transaction_id": "billing_banktransaction",
    },
    "billing_statement": {
        "site_id": "stations_site",
        "host_id": "billing_seller",
        "seller_id": "billing_seller",
        "invoice_id": "billing_invoice",
        "carried_by_id": "billing_statement",
        "payout_id": "billing_hostpayout",
    },
    "billing_statementline": {
        "statement_id": "billing_statement",
        "term_id": "billing_hostterm",
        "carries_id": "billing_statement",
        "station_id": "stations_station",
        "fee_account_id": "billing_billingaccount",
        "manual_item_id": "billing_manualitem",
    },
    "billing_statementitem": {
        "statement_id": "billing_statement",
        "session_id": "stations_session",
        "rated_session_id": "billing_ratedsession",
        "station_id": "stations_station",
        "credit_note_id": "billing_invoice",
    },
    "billing_hostsetoff": {
        "invoice_id": "billing_invoice",
        "payment_id": "billing_payment",
        "payout_id": "billing_hostpayout",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0018_energy_costs"),
        ("core", "0001_initial"),
        ("stations", "0002_journals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="HostTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "valid_from_on",
                            models.DateField(blank=True, null=True, verbose_name="valid from"),
                        ),
                        (
                            "valid_until_on",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "rhythm",
                            models.CharField(
                                blank=True,
                                choices=[("month", "Month"), ("quarter", "Quarter")],
                                max_length=8,
                                verbose_name="period",
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "fee_account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_terms",
                                to="billing.billingaccount",
                                verbose_name="the host's billing account",
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_terms",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_terms",
                                to="stations.site",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_terms",
                                to="stations.station",
                            ),
                        ),
                        (
                            "sets_off_fees",
                            models.BooleanField(
                                default=False, verbose_name="fees are set off against the payout"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "terms of a host",
                        "verbose_name_plural": "terms of hosts",
                        "ordering": ["site_id", "-valid_from_on", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from_on__isnull", False),
                                    models.Q(
                                        ("valid_until_on__isnull", True),
                                        ("valid_until_on__gte", models.F("valid_from_on")),
                                        _connector="OR",
                                    ),
                                ),
                                name="host_terms_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("station__isnull", True),
                                        models.Q(("rhythm", ""), _negated=True),
                                    ),
                                    models.Q(("rhythm", ""), ("station__isnull", False)),
                                    _connector="OR",
                                ),
                                name="host_terms_rhythm",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="host_terms_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sets_off_fees", False),
                                    ("fee_account__isnull", False),
                                    _connector="OR",
                                ),
                                name="host_terms_set_off",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HostTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("share_energy", "Share of energy revenue"),
                                    ("share_all", "Share of all revenue of sessions"),
                                    ("per_kwh", "Amount per kWh"),
                                    ("per_session", "Amount per session"),
                                    ("per_month", "Fixed amount per month"),
                                    ("energy_cost", "Cost of energy passed on"),
                                ],
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[
                                    ("to_host", "The operator pays the host"),
                                    ("to_operator", "The host pays the operator"),
                                ],
                                max_length=12,
                                verbose_name="who pays",
                            ),
                        ),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=6, max_digits=16, verbose_name="rate"
                            ),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=2, default=25, max_digits=5, verbose_name="VAT (%)"
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=120, verbose_name="text")),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "terms",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="billing.hostterms",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "term",
                        "verbose_name_plural": "terms",
                        "ordering": ["terms_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("terms", "position"), name="host_term_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rate__gt", 0)), name="host_term_rate"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind__in", ("share_energy", "share_all")), _negated=True
                                    ),
                                    ("rate__lte", 100),
                                    _connector="OR",
                                ),
                                name="host_term_share",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("tax_percent__gte", 0), ("tax_percent__lt", 100)
                                ),
                                name="host_term_tax",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayoutBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "Waits for approval"),
                                    ("approved", "Approved"),
                                    ("ordered", "Ordered at the bank"),
                                    ("done", "Paid out"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="proposed",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("payout_count", models.PositiveIntegerField(verbose_name="payments")),
                        ("pay_on", models.DateField(verbose_name="pay on")),
                        (
                            "needs_second",
                            models.BooleanField(
                                default=False, verbose_name="needs a second person"
                            ),
                        ),
                        (
                            "proposed_label",
                            models.CharField(max_length=200, verbose_name="proposed by"),
                        ),
                        (
                            "approved_label",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="approved by"
                            ),
                        ),
                        (
                            "approved_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="approved"),
                        ),
                        ("content", models.BinaryField(blank=True, null=True)),
                        (
                            "sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
                        ),
                        (
                            "ordered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="file made"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="proposed",
                            ),
                        ),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payout_batches",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "set_off_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="set off"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payout batch",
                        "verbose_name_plural": "payout batches",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ("proposed", "cancelled")),
                                    ("approved_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="payout_batch_approved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("needs_second", False),
                                    ("approved_at__isnull", True),
                                    models.Q(
                                        ("approved_by__isnull", False),
                                        ("proposed_by__isnull", False),
                                        models.Q(
                                            ("approved_by", models.F("proposed_by")), _negated=True
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="payout_batch_four_eyes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ordered"), _negated=True),
                                    models.Q(
                                        ("content__isnull", False),
                                        ("ordered_at__isnull", False),
                                        models.Q(("sha256", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="payout_batch_ordered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__gte", 0),
                                    ("set_off_amount__gte", 0),
                                    models.Q(
                                        ("amount__gt", 0),
                                        ("set_off_amount__gt", 0),
                                        _connector="OR",
                                    ),
                                ),
                                name="payout_batch_amount",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HostPayout",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "To be paid out"),
                                    ("done", "Paid out"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("name", models.CharField(max_length=140, verbose_name="payee")),
                        ("iban", models.CharField(blank=True, max_length=42, verbose_name="IBAN")),
                        ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                        (
                            "bankgiro",
                            models.CharField(blank=True, max_length=16, verbose_name="bankgiro"),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True, max_length=140, verbose_name="text to the payee"
                            ),
                        ),
                        ("paid_on", models.DateField(blank=True, null=True, verbose_name="paid")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_payouts",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "transaction",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.banktransaction",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payouts",
                                to="billing.payoutbatch",
                            ),
                        ),
                        (
                            "set_off_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="set off"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "payment to a host",
                        "verbose_name_plural": "payments to hosts",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "host"), name="host_payout_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("paid_on__isnull", False), ("state", "done")),
                                    models.Q(
                                        models.Q(("state", "done"), _negated=True),
                                        ("paid_on__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="host_payout_paid_on",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__gte", 0),
                                    ("set_off_amount__gte", 0),
                                    models.Q(
                                        ("amount__gt", 0),
                                        ("set_off_amount__gt", 0),
                                        _connector="OR",
                                    ),
                                ),
                                name="host_payout_amount",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Statement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("operator_sells", "The operator sells"),
                                    ("host_sells", "The host sells, invoiced on its behalf"),
                                    ("not_invoiced", "Nobody invoices here"),
                                ],
                                max_length=16,
                                verbose_name="form of contract",
                            ),
                        ),
                        (
                            "host_is_vat_registered",
                            models.BooleanField(
                                default=False, verbose_name="host registered for VAT"
                            ),
                        ),
                        (
                            "self_billing_agreed_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="self-billing agreed"
                            ),
                        ),
                        (
                            "minimum_payout_amount",
                            models.DecimalField(
                                decimal_places=2,
                                default=0,
                                max_digits=12,
                                verbose_name="least payout",
                            ),
                        ),
                        ("period_from_on", models.DateField(verbose_name="from")),
                        ("period_until_on", models.DateField(verbose_name="until")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("issued", "Issued")],
                                default="draft",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "route",
                            models.CharField(
                                choices=[
                                    ("self_billing", "Self-billing invoice"),
                                    ("statement", "Statement without VAT"),
                                    ("host_invoice", "The host's own invoice"),
                                    ("carried", "Carried over, below zero"),
                                    ("nothing", "Nothing to pay"),
                                ],
                                max_length=12,
                                verbose_name="document",
                            ),
                        ),
                        (
                            "energy_wh",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=18,
                                verbose_name="energy (Wh)",
                            ),
                        ),
                        ("session_count", models.IntegerField(default=0, verbose_name="sessions")),
                        (
                            "revenue_net",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="net revenue",
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="VAT"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="to pay"
                            ),
                        ),
                        (
                            "fee_net",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="fees of the host",
                            ),
                        ),
                        (
                            "findings",
                            models.JSONField(blank=True, default=list, verbose_name="to know"),
                        ),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        (
                            "issued_on",
                            models.DateField(blank=True, null=True, verbose_name="issued"),
                        ),
                        (
                            "issued_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="issued at"),
                        ),
                        (
                            "issued_label",
                            models.CharField(blank=True, max_length=200, verbose_name="issued by"),
                        ),
                        (
                            "host_invoice_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="host's invoice"
                            ),
                        ),
                        (
                            "host_invoice_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="date of host's invoice"
                            ),
                        ),
                        (
                            "owed_on",
                            models.DateField(blank=True, null=True, verbose_name="owed since"),
                        ),
                        ("paid_on", models.DateField(blank=True, null=True, verbose_name="paid")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "prepared_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="prepared"
                            ),
                        ),
                        (
                            "carried_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="carries",
                                to="billing.statement",
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "invoice",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement",
                                to="billing.invoice",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "payout",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="billing.hostpayout",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_statements",
                                to="billing.seller",
                                verbose_name="paid by",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="stations.site",
                            ),
                        ),
                        (
                            "credited_net",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="credited"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "statement",
                        "verbose_name_plural": "statements",
                        "ordering": ["-period_until_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-period_until_on"], name="statement_period_idx"
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("owed_on__isnull", False), ("payout__isnull", True)
                                ),
                                fields=["operator", "host"],
                                name="statement_unpaid_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "host", "period_from_on"),
                                name="statement_period_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("period_until_on__gte", models.F("period_from_on"))
                                ),
                                name="statement_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="statement_sums",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("issued_at__isnull", True),
                                        ("issued_on__isnull", True),
                                        ("state", "draft"),
                                    ),
                                    models.Q(
                                        ("issued_at__isnull", False),
                                        ("issued_on__isnull", False),
                                        ("state", "issued"),
                                    ),
                                    _connector="OR",
                                ),
                                name="statement_issued_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("invoice__isnull", True),
                                        ("owed_on__isnull", True),
                                        ("state", "draft"),
                                    ),
                                    models.Q(
                                        ("invoice__isnull", False),
                                        ("route", "self_billing"),
                                        ("state", "issued"),
                                    ),
                                    models.Q(
                                        ("invoice__isnull", True),
                                        ("state", "issued"),
                                        models.Q(("route", "self_billing"), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="statement_self_billed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("owed_on__isnull", True),
                                    models.Q(
                                        ("gross__gt", 0),
                                        ("route__in", ("self_billing", "statement")),
                                    ),
                                    models.Q(
                                        ("gross__gt", 0),
                                        ("route", "host_invoice"),
                                        models.Q(("host_invoice_number", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="statement_owed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("payout__isnull", True),
                                    ("owed_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="statement_paid_when_owed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("paid_on__isnull", True),
                                    ("payout__isnull", False),
                                    _connector="OR",
                                ),
                                name="statement_paid_by_payout",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("carried_by__isnull", True),
                                    ("route", "carried"),
                                    _connector="OR",
                                ),
                                name="statement_carried",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=64, verbose_name="key")),
                        ("counted_on", models.DateField(verbose_name="day")),
                        (
                            "is_late",
                            models.BooleanField(default=False, verbose_name="of earlier periods"),
                        ),
                        (
                            "energy_wh",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="energy (Wh)",
                            ),
                        ),
                        ("sessions", models.SmallIntegerField(default=0, verbose_name="sessions")),
                        (
                            "energy_net",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="net revenue of energy",
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="net revenue",
                            ),
                        ),
                        (
                            "cost",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="cost of energy",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "rated_session",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.ratedsession",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement_items",
                                to="stations.session",
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="billing.statement",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                        (
                            "credit_note",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement_items",
                                to="billing.invoice",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "item of a statement",
                        "verbose_name_plural": "items of statements",
                        "ordering": ["statement_id", "counted_on", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "key"), name="statement_item_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("cost", 0),
                                        ("rated_session__isnull", False),
                                        ("session__isnull", False),
                                    ),
                                    models.Q(
                                        ("energy_net", 0),
                                        ("energy_wh", 0),
                                        ("net", 0),
                                        ("session__isnull", True),
                                        ("sessions", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="statement_item_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("credit_note__isnull", True),
                                    models.Q(
                                        ("energy_wh", 0),
                                        ("session__isnull", False),
                                        ("sessions", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="statement_item_credit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("share_energy", "Share of energy revenue"),
                                    ("share_all", "Share of all revenue of sessions"),
                                    ("per_kwh", "Amount per kWh"),
                                    ("per_session", "Amount per session"),
                                    ("per_month", "Fixed amount per month"),
                                    ("energy_cost", "Cost of energy passed on"),
                                    ("carried", "Carried over from an earlier statement"),
                                ],
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[
                                    ("to_host", "The operator pays the host"),
                                    ("to_operator", "The host pays the operator"),
                                ],
                                max_length=12,
                                verbose_name="who pays",
                            ),
                        ),
                        (
                            "is_late",
                            models.BooleanField(default=False, verbose_name="of earlier periods"),
                        ),
                        ("text", models.CharField(blank=True, max_length=120, verbose_name="text")),
                        ("from_on", models.DateField(verbose_name="from")),
                        ("until_on", models.DateField(verbose_name="until")),
                        (
                            "quantity",
                            models.DecimalField(
                                decimal_places=6, max_digits=20, verbose_name="quantity"
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=8, verbose_name="unit")),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=6, max_digits=20, verbose_name="rate"
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=2, max_digits=5, verbose_name="VAT (%)"
                            ),
                        ),
                        (
                            "carries",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.statement",
                            ),
                        ),
                        (
                            "fee_account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.billingaccount",
                            ),
                        ),
                        (
                            "manual_item",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement_line",
                                to="billing.manualitem",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="billing.statement",
                            ),
                        ),
                        (
                            "station",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.station",
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.hostterm",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of a statement",
                        "verbose_name_plural": "lines of statements",
                        "ordering": ["statement_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("statement", "position"), name="statement_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("carries__isnull", False),
                                        ("kind", "carried"),
                                        ("term__isnull", True),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "carried"), _negated=True),
                                        ("carries__isnull", True),
                                        ("term__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="statement_line_source",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HostSetOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_set_offs",
                                to="billing.invoice",
                            ),
                        ),
                        (
                            "payout",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="set_offs",
                                to="billing.hostpayout",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "payment",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="host_set_off",
                                to="billing.payment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "set-off",
                        "verbose_name_plural": "set-offs",
                        "ordering": ["payout_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payout", "invoice"), name="host_set_off_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="host_set_off_amount"
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        settled_terms_stay(),
        issued_statements_stay(
            (
                "host_invoice_number",
                "host_invoice_on",
                "tax",
                "gross",
                "owed_on",
                "carried_by_id",
                "payout_id",
                "paid_on",
            )
        ),
        statement_parts_stay("billing_statementline"),
        statement_parts_stay("billing_statementitem"),
        only_changes("billing_hostpayout", ("state", "paid_on", "transaction_id")),
        only_changes(
            "billing_payoutbatch",
            (
                "state",
                "approved_by_id",
                "approved_label",
                "approved_at",
                "content",
                "sha256",
                "ordered_at",
            ),
        ),
        only_changes("billing_hostsetoff", ("payment_id",)),
    ]
