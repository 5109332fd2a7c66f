"""Vehicles stand once for an operator, belong to drivers and companies, and cards sit in them."""

import django.db.models.deletion
from django.db import migrations, models

from core.tenancy import sql

# A registration number that several drivers had stays with who got it last; the history of the
# others says so.
ONCE = """
WITH ranked AS (
  SELECT v.id, v.operator_id, v.driver_id, v.registration_number, row_number() OVER (
    PARTITION BY v.operator_id, v.registration_number ORDER BY v.created_at DESC, v.id DESC) AS place
  FROM customers_vehicle v
), lost AS (
  DELETE FROM customers_vehicle v USING ranked r WHERE v.id = r.id AND r.place > 1
  RETURNING r.operator_id, r.driver_id, r.registration_number
)
INSERT INTO core_auditentry (operator_id, at, actor_kind, actor_label, verb, object_type, object_id,
  object_label, before, after, reason, request_id)
SELECT l.operator_id, now(), 'system', 'system', 'driver.change', 'customers.driver', d.id::text,
  d.name, jsonb_build_object('vehicles', jsonb_agg(l.registration_number)),
  jsonb_build_object('vehicles', jsonb_build_array()),
  'A registration number stands once; another driver got it later.', ''
FROM lost l JOIN customers_driver d ON d.id = l.driver_id
GROUP BY l.operator_id, d.id, d.name
"""
NAMED = """
UPDATE customers_vehicle SET public_id = 'veh_' || substr(
  md5(id::text || random()::text), 1, 16)
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0020_hosts"), ("customers", "0010_selfservice")]

    operations = [
        migrations.RunSQL(ONCE, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="vehicle", name="vehicle_once"),
        migrations.RemoveIndex(model_name="vehicle", name="vehicle_number_idx"),
        migrations.AddField(
            model_name="vehicle",
            name="public_id",
            field=models.CharField(default="", max_length=24, verbose_name="public id"),
            preserve_default=False,
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="vehicle",
            name="public_id",
            field=models.CharField(max_length=24, unique=True, verbose_name="public id"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="company",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vehicles",
                to="customers.company",
                verbose_name="company",
            ),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="make",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="make"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="vehicle",
            name="model",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="model"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="vehicle",
            name="use",
            field=models.CharField(
                blank=True,
                choices=[
                    ("benefit", "Benefit car"),
                    ("service", "Service car"),
                    ("pool", "Pool car"),
                    ("private", "Private car"),
                ],
                default="",
                max_length=10,
                verbose_name="use",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="vehicle",
            name="cost_centre",
            field=models.CharField(
                blank=True, default="", max_length=40, verbose_name="cost centre"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="vehicle",
            name="valid_from_on",
            field=models.DateField(blank=True, null=True, verbose_name="valid from"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="valid_until_on",
            field=models.DateField(blank=True, null=True, verbose_name="valid until"),
        ),
        migrations.AddField(
            model_name="vehicle",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated"),
        ),
        migrations.AlterField(
            model_name="vehicle",
            name="driver",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vehicles",
                to="customers.driver",
                verbose_name="driver",
            ),
        ),
        migrations.AddField(
            model_name="idtoken",
            name="vehicle",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="tokens",
                to="customers.vehicle",
                verbose_name="vehicle",
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.UniqueConstraint(
                fields=("operator", "registration_number"), name="vehicle_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from_on__isnull", True),
                    ("valid_until_on__isnull", True),
                    ("valid_until_on__gte", models.F("valid_from_on")),
                    _connector="OR",
                ),
                name="vehicle_validity_order",
            ),
        ),
        sql.same_operator("customers_vehicle", "company_id", "customers_company"),
        sql.same_operator("customers_idtoken", "vehicle_id", "customers_vehicle"),
    ]
