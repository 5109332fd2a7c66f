"""Billing runs, invoices, and how they are delivered."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from billing.invoices import guards
from core.migrating import CreateModels
from core.tenancy import sql

CHANGING = (
    "state",
    "open_amount",
    "paid_amount",
    "credited_amount",
    "written_off_amount",
    "credited_gross",
    "is_disputed",
    "sent_at",
)

FILE_STAYS = """
CREATE FUNCTION billing_invoicefile_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.path = '' OR current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the file of an invoice stays as it was made'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_file_stays';
END $$;
CREATE TRIGGER billing_invoicefile_stays BEFORE UPDATE OR DELETE ON billing_invoicefile
  FOR EACH ROW EXECUTE FUNCTION billing_invoicefile_stays();
"""

FILE_CHANGES = """
DROP TRIGGER billing_invoicefile_stays ON billing_invoicefile;
DROP FUNCTION billing_invoicefile_stays();
"""

KEYS = {
    "billing_invoice": {
        "seller_id": "billing_seller",
        "account_id": "billing_billingaccount",
        "run_id": "billing_billingrun",
        "series_id": "billing_invoiceseries",
        "original_id": "billing_invoice",
    },
    "billing_invoiceline": {
        "invoice_id": "billing_invoice",
        "site_id": "stations_site",
        "credits_id": "billing_invoiceline",
    },
    "billing_invoicetax": {
        "invoice_id": "billing_invoice",
    },
    "billing_invoiceitem": {
        "invoice_id": "billing_invoice",
        "line_id": "billing_invoiceline",
        "billable_id": "billing_billableitem",
        "fee_id": "billing_fee",
        "manual_id": "billing_manualitem",
        "adjusts_id": "billing_invoice",
    },
    "billing_billingrules": {
        "seller_id": "billing_seller",
    },
    "billing_billingrun": {
        "seller_id": "billing_seller",
        "account_id": "billing_billingaccount",
    },
    "billing_runcarry": {
        "run_id": "billing_billingrun",
        "account_id": "billing_billingaccount",
    },
    "billing_manualitem": {
        "seller_id": "billing_seller",
        "account_id": "billing_billingaccount",
        "site_id": "stations_site",
    },
    "billing_invoicefile": {
        "invoice_id": "billing_invoice",
    },
    "billing_delivery": {
        "invoice_id": "billing_invoice",
    },
    "billing_mailevent": {
        "delivery_id": "billing_delivery",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0006_sellers"),
        ("core", "0001_initial"),
        ("stations", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="BillingRun",
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
                            "scope",
                            models.CharField(
                                choices=[
                                    ("period", "Accounts invoiced by the month or quarter"),
                                    ("sessions", "Accounts invoiced by the session"),
                                    ("account", "One account"),
                                ],
                                default="period",
                                max_length=10,
                                verbose_name="accounts",
                            ),
                        ),
                        ("period_from_on", models.DateField(verbose_name="from")),
                        ("period_until_on", models.DateField(verbose_name="until")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Being prepared"),
                                    ("previewed", "Waits for approval"),
                                    ("running", "Being issued"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "issues_alone",
                            models.BooleanField(default=False, verbose_name="issue without asking"),
                        ),
                        (
                            "ignores_minimum",
                            models.BooleanField(default=False, verbose_name="small amounts too"),
                        ),
                        ("cursor", models.BigIntegerField(default=0, editable=False)),
                        (
                            "draft_count",
                            models.PositiveIntegerField(default=0, verbose_name="drafts"),
                        ),
                        (
                            "invoice_count",
                            models.PositiveIntegerField(default=0, verbose_name="invoices"),
                        ),
                        (
                            "item_count",
                            models.PositiveIntegerField(default=0, verbose_name="items"),
                        ),
                        (
                            "carried_count",
                            models.PositiveIntegerField(default=0, verbose_name="carried over"),
                        ),
                        ("sums", models.JSONField(blank=True, default=dict, verbose_name="sums")),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
                        ),
                        (
                            "schedule_key",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        (
                            "started_label",
                            models.CharField(blank=True, max_length=200, verbose_name="started by"),
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
                            "previewed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="prepared"),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="billing.billingaccount",
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
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "billing run",
                        "verbose_name_plural": "billing runs",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["planned", "running"])),
                                fields=["id"],
                                name="billing_run_work_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("period_until_on__gte", models.F("period_from_on"))
                                ),
                                name="billing_run_period",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("schedule_key", ""), _negated=True),
                                fields=("seller", "schedule_key"),
                                name="billing_run_scheduled_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("account__isnull", False), ("scope", "account")),
                                    models.Q(
                                        models.Q(("scope", "account"), _negated=True),
                                        ("account__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="billing_run_account",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invoice",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("invoice", "Invoice"),
                                    ("credit_note", "Credit note"),
                                    ("self_billing", "Self-billing"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("issued", "Issued"),
                                    ("partly_paid", "Partly paid"),
                                    ("paid", "Paid"),
                                    ("overdue", "Overdue"),
                                    ("credited", "Credited"),
                                    ("written_off", "Written off"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("series_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "sequence",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="running number"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(blank=True, max_length=30, verbose_name="number"),
                        ),
                        (
                            "issued_on",
                            models.DateField(blank=True, null=True, verbose_name="issued"),
                        ),
                        (
                            "issued_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="issued at"),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                        (
                            "supply_from_on",
                            models.DateField(blank=True, null=True, verbose_name="delivered from"),
                        ),
                        (
                            "supply_until_on",
                            models.DateField(blank=True, null=True, verbose_name="delivered until"),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "prices_include_tax",
                            models.BooleanField(default=False, verbose_name="prices include VAT"),
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
                                decimal_places=4, default=0, max_digits=16, verbose_name="gross"
                            ),
                        ),
                        (
                            "rounding",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="rounding"
                            ),
                        ),
                        (
                            "payable",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="to pay"
                            ),
                        ),
                        (
                            "open_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="open"
                            ),
                        ),
                        (
                            "paid_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="paid"
                            ),
                        ),
                        (
                            "credited_amount",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=16, verbose_name="credited"
                            ),
                        ),
                        (
                            "written_off_amount",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="written off",
                            ),
                        ),
                        (
                            "credited_gross",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="given back by credit notes",
                            ),
                        ),
                        ("ocr", models.CharField(blank=True, max_length=25, verbose_name="OCR")),
                        (
                            "language",
                            models.CharField(default="sv", max_length=10, verbose_name="language"),
                        ),
                        (
                            "seller_snapshot",
                            models.JSONField(blank=True, default=dict, verbose_name="seller then"),
                        ),
                        (
                            "buyer_snapshot",
                            models.JSONField(blank=True, default=dict, verbose_name="buyer then"),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=500, verbose_name="reason"),
                        ),
                        (
                            "is_disputed",
                            models.BooleanField(default=False, verbose_name="disputed"),
                        ),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
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
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="billing.billingaccount",
                                verbose_name="billing account",
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
                            "original",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_notes",
                                to="billing.invoice",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="billing.billingrun",
                            ),
                        ),
                        (
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "series",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="billing.invoiceseries",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invoice",
                        "verbose_name_plural": "invoices",
                        "ordering": ["-issued_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-issued_on", "-id"], name="invoice_issued_idx"
                            ),
                            models.Index(
                                fields=["account", "-issued_on"], name="invoice_account_idx"
                            ),
                            models.Index(fields=["operator", "ocr"], name="invoice_ocr_idx"),
                            models.Index(
                                condition=models.Q(
                                    ("open_amount__gt", 0),
                                    models.Q(("state", "draft"), _negated=True),
                                ),
                                fields=["operator", "due_on"],
                                name="invoice_open_idx",
                            ),
                            models.Index(
                                condition=models.Q(("state", "draft"), _negated=True),
                                fields=["issued_at"],
                                name="invoice_new_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("number", ""), _negated=True),
                                fields=("seller", "number"),
                                name="invoice_number_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("sequence__isnull", False)),
                                fields=("series", "series_year", "sequence"),
                                name="invoice_sequence_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    ),
                                    (
                                        "payable",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("gross"), "+", models.F("rounding")
                                        ),
                                    ),
                                ),
                                name="invoice_sums",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "open_amount",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("payable"),
                                                    "-",
                                                    models.F("paid_amount"),
                                                ),
                                                "-",
                                                models.F("credited_amount"),
                                            ),
                                            "-",
                                            models.F("written_off_amount"),
                                        ),
                                    )
                                ),
                                name="invoice_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"),
                                    models.Q(
                                        ("credited_amount__gte", 0),
                                        ("credited_gross__gte", 0),
                                        ("credited_gross__lte", models.F("gross")),
                                        ("gross__gte", 0),
                                        ("open_amount__gte", 0),
                                        ("paid_amount__gte", 0),
                                        ("written_off_amount__gte", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="invoice_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("issued_on__isnull", True),
                                        ("number", ""),
                                        ("sequence__isnull", True),
                                        ("state", "draft"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "draft"), _negated=True),
                                        models.Q(("number", ""), _negated=True),
                                        ("issued_at__isnull", False),
                                        ("issued_on__isnull", False),
                                        ("sequence__isnull", False),
                                        ("series__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="invoice_issued_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "credit_note"),
                                        ("original__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "credit_note"), _negated=True),
                                        ("original__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="invoice_credit_has_original",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("account__isnull", False),
                                    models.Q(("kind", "invoice"), _negated=True),
                                    _connector="OR",
                                ),
                                name="invoice_has_account",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceLine",
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
                        ("position", models.PositiveIntegerField(verbose_name="position")),
                        (
                            "group_title",
                            models.CharField(blank=True, max_length=160, verbose_name="group"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("energy", "Energy"),
                                    ("time", "Time"),
                                    ("idle", "Idle time"),
                                    ("session_fee", "Session fee"),
                                    ("fee", "Fee"),
                                    ("network", "Network access"),
                                    ("discount", "Discount"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "description",
                            models.CharField(max_length=300, verbose_name="description"),
                        ),
                        (
                            "details",
                            models.CharField(blank=True, max_length=500, verbose_name="details"),
                        ),
                        (
                            "quantity",
                            models.DecimalField(
                                decimal_places=6, max_digits=20, verbose_name="quantity"
                            ),
                        ),
                        ("unit", models.CharField(max_length=8, verbose_name="unit")),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=10, max_digits=24, verbose_name="price"
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="VAT"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="gross"
                            ),
                        ),
                        (
                            "tax_rate",
                            models.DecimalField(
                                decimal_places=4, max_digits=7, verbose_name="VAT (%)"
                            ),
                        ),
                        (
                            "tax_category",
                            models.CharField(max_length=2, verbose_name="VAT category"),
                        ),
                        (
                            "tax_country",
                            models.CharField(max_length=2, verbose_name="country of the VAT"),
                        ),
                        (
                            "period_from_on",
                            models.DateField(blank=True, null=True, verbose_name="from"),
                        ),
                        (
                            "period_until_on",
                            models.DateField(blank=True, null=True, verbose_name="until"),
                        ),
                        (
                            "cost_centre",
                            models.CharField(blank=True, max_length=40, verbose_name="cost centre"),
                        ),
                        (
                            "revenue_account",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="revenue account"
                            ),
                        ),
                        (
                            "is_specified",
                            models.BooleanField(default=False, verbose_name="specified"),
                        ),
                        (
                            "credits",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credited_by",
                                to="billing.invoiceline",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
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
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invoice line",
                        "verbose_name_plural": "invoice lines",
                        "ordering": ["invoice_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("invoice", "position"), name="invoice_line_once"
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
                                name="invoice_line_sums",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceTax",
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
                        ("category", models.CharField(max_length=2, verbose_name="VAT category")),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=4, max_digits=7, verbose_name="VAT (%)"
                            ),
                        ),
                        (
                            "country",
                            models.CharField(max_length=2, verbose_name="country of the VAT"),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="VAT"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=200, verbose_name="reason"),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taxes",
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
                    ],
                    options={
                        "verbose_name": "VAT of an invoice",
                        "verbose_name_plural": "VAT of invoices",
                        "ordering": ["invoice_id", "-rate", "category", "country"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("invoice", "category", "rate", "country"),
                                name="invoice_tax_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ManualItem",
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
                            "kind",
                            models.CharField(
                                choices=[("line", "Line"), ("opening_balance", "Opening balance")],
                                default="line",
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "description",
                            models.CharField(max_length=300, verbose_name="text on the invoice"),
                        ),
                        ("due_on", models.DateField(verbose_name="due from")),
                        (
                            "quantity",
                            models.DecimalField(
                                decimal_places=3, default=1, max_digits=14, verbose_name="quantity"
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(default="each", max_length=8, verbose_name="unit"),
                        ),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=4, max_digits=14, verbose_name="price"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "is_tax_included",
                            models.BooleanField(default=False, verbose_name="price includes VAT"),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=2, default=25, max_digits=5, verbose_name="VAT (%)"
                            ),
                        ),
                        (
                            "cost_centre",
                            models.CharField(blank=True, max_length=40, verbose_name="cost centre"),
                        ),
                        (
                            "revenue_account",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="revenue account"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="manual_items",
                                to="billing.billingaccount",
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
                            "seller",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="manual_items",
                                to="billing.seller",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "manual item",
                        "verbose_name_plural": "manual items",
                        "ordering": ["-due_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "account", "due_on"], name="manual_item_due_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unit_price__gte", 0), models.Q(("quantity", 0), _negated=True)
                                ),
                                name="manual_item_amount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("tax_percent__gte", 0), ("tax_percent__lt", 100)
                                ),
                                name="manual_item_tax",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "line"), ("tax_percent", 0), _connector="OR"
                                ),
                                name="manual_item_opening_untaxed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceItem",
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
                        ("source_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="gross"
                            ),
                        ),
                        (
                            "adjusts",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adjusted_by",
                                to="billing.invoice",
                            ),
                        ),
                        (
                            "billable",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="invoice_items",
                                to="billing.billableitem",
                            ),
                        ),
                        (
                            "fee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoice_items",
                                to="billing.fee",
                            ),
                        ),
                        (
                            "invoice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
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
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="billing.invoiceline",
                            ),
                        ),
                        (
                            "manual",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoice_items",
                                to="billing.manualitem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "billed item",
                        "verbose_name_plural": "billed items",
                        "ordering": ["invoice_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "key"), name="invoice_item_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RunCarry",
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
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="gross"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("too_small", "Below the least amount"),
                                    ("negative", "In the customer's favour"),
                                ],
                                max_length=10,
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.billingaccount",
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
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="carries",
                                to="billing.billingrun",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "carried over",
                        "verbose_name_plural": "carried over",
                        "ordering": ["run_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="BillingRules",
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
                            "rhythm",
                            models.CharField(
                                choices=[
                                    ("monthly", "Every month"),
                                    ("quarterly", "Every quarter"),
                                    ("per_session", "After each session"),
                                    ("by_hand", "By hand alone"),
                                ],
                                default="monthly",
                                max_length=12,
                                verbose_name="rhythm",
                            ),
                        ),
                        (
                            "runs_alone",
                            models.BooleanField(
                                default=True,
                                help_text="Drafts of the month that ended are made on the day below.",
                                verbose_name="prepare runs by the calendar",
                            ),
                        ),
                        (
                            "run_day",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="From 1 to 28.",
                                verbose_name="day of the month",
                            ),
                        ),
                        (
                            "issues_alone",
                            models.BooleanField(
                                default=False,
                                help_text="Otherwise a person looks at the drafts and issues them.",
                                verbose_name="issue without asking",
                            ),
                        ),
                        (
                            "minimum_amount",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal(3),
                                help_text="Less than this is carried over to the next invoice.",
                                max_digits=12,
                                verbose_name="least amount to invoice",
                            ),
                        ),
                        (
                            "rounds_to_coins",
                            models.BooleanField(
                                default=False,
                                help_text="Where whole amounts are asked for; the VAT stays as it is.",
                                verbose_name="round what is to be paid to whole coins",
                            ),
                        ),
                        (
                            "uses_customer_ocr",
                            models.BooleanField(
                                default=False,
                                help_text="Otherwise each invoice has its own.",
                                verbose_name="one payment reference a customer",
                            ),
                        ),
                        (
                            "bills_from_on",
                            models.DateField(blank=True, null=True, verbose_name="invoices from"),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "seller",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="billing_rules",
                                to="billing.seller",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rules of invoicing",
                        "verbose_name_plural": "rules of invoicing",
                        "ordering": ["seller_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("run_day__gte", 1), ("run_day__lte", 28)),
                                name="billing_rules_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minimum_amount__gte", 0)),
                                name="billing_rules_minimum",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                            "way",
                            models.CharField(
                                choices=[
                                    ("email", "E-mail"),
                                    ("peppol_folder", "Peppol, by folder"),
                                    ("peppol_email", "Peppol, by e-mail"),
                                    ("download", "Peppol, fetched by the API"),
                                    ("print", "Print and post"),
                                ],
                                max_length=14,
                                verbose_name="way",
                            ),
                        ),
                        (
                            "addresses",
                            models.JSONField(blank=True, default=list, verbose_name="addresses"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                    ("bounced", "Bounced"),
                                ],
                                default="queued",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "is_planned",
                            models.BooleanField(default=False, verbose_name="planned by itself"),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
                        ),
                        (
                            "message_id",
                            models.CharField(blank=True, max_length=200, verbose_name="message id"),
                        ),
                        (
                            "requested_label",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="requested by"
                            ),
                        ),
                        (
                            "next_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="next attempt"
                            ),
                        ),
                        ("claimed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
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
                                related_name="deliveries",
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
                            "delivered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="arrived"),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery",
                        "verbose_name_plural": "deliveries",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-created_at"],
                                name="invoice_delivery_created_idx",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["queued", "sending"])),
                                fields=["next_at"],
                                name="invoice_delivery_due_idx",
                            ),
                            models.Index(
                                fields=["message_id"], name="invoice_delivery_message_idx"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_planned", True)),
                                fields=("invoice",),
                                name="invoice_delivery_planned_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["failed", "bounced"]), _negated=True),
                                    models.Q(("error", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="invoice_delivery_error",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceFile",
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
                            "kind",
                            models.CharField(
                                choices=[("pdf", "PDF"), ("ubl", "E-invoice (Peppol)")],
                                max_length=4,
                                verbose_name="kind",
                            ),
                        ),
                        ("language", models.CharField(max_length=10, verbose_name="language")),
                        (
                            "sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
                        ),
                        ("size_bytes", models.PositiveIntegerField(default=0, verbose_name="size")),
                        ("path", models.CharField(blank=True, max_length=200)),
                        (
                            "problem",
                            models.CharField(blank=True, max_length=1000, verbose_name="problem"),
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
                                related_name="files",
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
                    ],
                    options={
                        "verbose_name": "file of an invoice",
                        "verbose_name_plural": "files of invoices",
                        "ordering": ["invoice_id", "kind"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("invoice", "kind"), name="invoice_file_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("path", ""),
                                        ("sha256", ""),
                                        ("size_bytes", 0),
                                        models.Q(("problem", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("path", ""), _negated=True),
                                        ("problem", ""),
                                        ("sha256__regex", "^[0-9a-f]{64}$"),
                                    ),
                                    _connector="OR",
                                ),
                                name="invoice_file_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MailEvent",
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
                            "key",
                            models.CharField(
                                max_length=200, unique=True, verbose_name="id at the provider"
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="kind")),
                        ("happened_at", models.DateTimeField(verbose_name="happened")),
                        ("raw", models.JSONField(verbose_name="as it came")),
                        (
                            "received_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="received",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mail_events",
                                to="billing.delivery",
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
                    ],
                    options={
                        "verbose_name": "event of a mail",
                        "verbose_name_plural": "events of mails",
                        "ordering": ["-happened_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        *(
            sql.same_operator_in_bulk(table, list(KEYS[table].items()))
            for table in (
                "billing_invoice",
                "billing_invoiceline",
                "billing_invoicetax",
                "billing_invoiceitem",
            )
        ),
        guards.issued_invoices_stay(CHANGING),
        *(
            guards.parts_stay(table)
            for table in ("billing_invoiceline", "billing_invoicetax", "billing_invoiceitem")
        ),
        migrations.RunSQL(FILE_STAYS, FILE_CHANGES),
        sql.append_only("billing_mailevent"),
    ]
