"""Local lists: what was sent and answered last, and where they are kept in step."""

import django.db.models.deletion
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_idempotent_calls"),
        ("stations", "0011_boots"),
    ]

    operations = [
        migrations.CreateModel(
            name="LocalListSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_enabled", models.BooleanField(verbose_name="kept in step")),
            ],
            options={
                "verbose_name": "setting of local lists",
                "verbose_name_plural": "settings of local lists",
                "ordering": ["operator_id", "site_id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="locallist",
            name="checked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="version asked"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="choice",
            field=models.CharField(
                choices=[
                    ("inherit", "As the site says"),
                    ("on", "Kept in step"),
                    ("off", "Left alone"),
                ],
                default="inherit",
                max_length=8,
                verbose_name="kept in step",
            ),
        ),
        migrations.AddField(
            model_name="locallist",
            name="command",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="stations.command",
            ),
        ),
        migrations.AddField(
            model_name="locallist",
            name="compared_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="compared"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="continues",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="locallist",
            name="failures",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="failures in a row"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="held_count",
            field=models.PositiveIntegerField(default=0, verbose_name="entries"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="held_hash",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="locallist",
            name="is_pending",
            field=models.BooleanField(default=False, verbose_name="being sent"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="last_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last sent"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="last_status",
            field=models.CharField(blank=True, max_length=40, verbose_name="last answer"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="last_update",
            field=models.CharField(blank=True, max_length=12, verbose_name="last update"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="left_out_count",
            field=models.PositiveIntegerField(default=0, verbose_name="cards without room"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="needs_full",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="locallist",
            name="next_try_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="next try"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="stamp",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="locallist",
            name="unsupported_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="not supported"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="unsupported_firmware",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="locallist",
            name="wanted_count",
            field=models.PositiveIntegerField(default=0, verbose_name="desired entries"),
        ),
        migrations.AddField(
            model_name="locallist",
            name="wanted_hash",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddIndex(
            model_name="locallist",
            index=models.Index(
                condition=models.Q(("is_pending", True)),
                fields=["station"],
                name="list_pending_idx",
            ),
        ),
        migrations.AddField(
            model_name="locallistsetting",
            name="operator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.operator"
            ),
        ),
        migrations.AddField(
            model_name="locallistsetting",
            name="site",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="stations.site",
            ),
        ),
        migrations.AddConstraint(
            model_name="locallistsetting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("site", None)),
                fields=("operator",),
                name="local_list_setting_operator_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="locallistsetting",
            constraint=models.UniqueConstraint(
                fields=("site",), name="local_list_setting_site_once"
            ),
        ),
        migrations.RunSQL(
            "UPDATE stations_locallist SET held_count = jsonb_array_length(entries)"
            " WHERE jsonb_typeof(entries) = 'array';",
            migrations.RunSQL.noop,
        ),
        sql.same_operator("stations_locallist", "command_id", "stations_command"),
        sql.same_operator("stations_locallistsetting", "site_id", "stations_site"),
    ]
