"""The texts that the search looks into, and the functions that make them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from core.search import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0004_notes")]

    operations = [
        sql.functions(),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "object_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("object_id", models.BigIntegerField(verbose_name="object")),
                ("operator_id", models.BigIntegerField(verbose_name="operator")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "ordering": ["kind", "object_id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["grams"], name="search_grams_idx", gin_pending_list_limit=256
                    )
                ],
            },
        ),
    ]
