"""The search, lists with their views and bulk runs, imports, notes, attachments, repeated calls."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateModels
from core.search import sql as search
from core.tenancy import sql

KEYS = {
    "core_listpreference": {
        "default_view_id": "core_savedview",
    },
    "core_bulkrow": {
        "run_id": "core_bulkrun",
    },
    "core_bulkrun": {
        "token_id": "core_apitoken",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Note",
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
                            "object_type",
                            models.CharField(max_length=60, verbose_name="object type"),
                        ),
                        ("object_id", models.CharField(max_length=64)),
                        ("text", models.TextField(max_length=4000, verbose_name="note")),
                        (
                            "author_label",
                            models.CharField(max_length=200, verbose_name="written by"),
                        ),
                        ("is_pinned", models.BooleanField(default=False, verbose_name="pinned")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="written",
                            ),
                        ),
                        (
                            "edited_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="changed"),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
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
                    ],
                    options={
                        "verbose_name": "note",
                        "verbose_name_plural": "notes",
                        "ordering": ["-is_pinned", "-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "object_type", "object_id", "-created_at"],
                                name="note_object_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="note_text_not_empty",
                            )
                        ],
                    },
                ),
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
                                fields=["grams"],
                                gin_pending_list_limit=256,
                                name="search_grams_idx",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkRun",
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
                        ("batch_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("list_name", models.CharField(max_length=60)),
                        ("action", models.CharField(max_length=60)),
                        ("query", models.TextField(blank=True, help_text="Where it was asked for")),
                        ("form_data", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "To be confirmed"),
                                    ("queued", "Running"),
                                    ("finished", "Finished"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("row_count", models.PositiveIntegerField(default=0)),
                        ("request_id", models.CharField(blank=True, max_length=64)),
                        ("source_ip", models.GenericIPAddressField(blank=True, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                blank=True, help_text="Of times in the form", max_length=64
                            ),
                        ),
                        (
                            "token",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.apitoken",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bulk action",
                        "verbose_name_plural": "bulk actions",
                        "ordering": ["-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["draft", "queued"])),
                                fields=["id"],
                                name="bulk_run_open_idx",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("user", None), ("token", None), _connector="XOR"
                                ),
                                name="bulk_run_one_caller",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkRow",
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
                        ("position", models.PositiveIntegerField()),
                        ("object_id", models.BigIntegerField()),
                        ("label", models.CharField(max_length=200)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("done", "Done"),
                                    ("refused", "Refused"),
                                    ("gone", "No longer there"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("message", models.TextField(blank=True)),
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
                                related_name="rows",
                                to="core.bulkrun",
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                blank=True, help_text="How the API names the row", max_length=64
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of a bulk action",
                        "verbose_name_plural": "rows of bulk actions",
                        "ordering": ["run_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "position"), name="bulk_row_position_once"
                            ),
                            models.UniqueConstraint(
                                fields=("run", "object_id"), name="bulk_row_object_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
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
                        ("list_name", models.CharField(max_length=60, verbose_name="list")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("query", models.TextField(blank=True, verbose_name="filters")),
                        ("is_shared", models.BooleanField(default=False, verbose_name="shared")),
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
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved view",
                        "verbose_name_plural": "saved views",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "list_name", "owner", "name"),
                                name="saved_view_name_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListPreference",
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
                        ("list_name", models.CharField(max_length=60)),
                        ("columns", models.JSONField(blank=True, default=list)),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "default_view",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.savedview",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "list preference",
                        "verbose_name_plural": "list preferences",
                        "ordering": ["id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "user", "list_name"),
                                name="list_preference_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
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
                            "object_type",
                            models.CharField(max_length=60, verbose_name="object type"),
                        ),
                        ("object_id", models.CharField(max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("photo", "Photo"), ("document", "Document")],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="file name")),
                        (
                            "caption",
                            models.CharField(blank=True, max_length=200, verbose_name="caption"),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size_bytes", models.PositiveBigIntegerField(verbose_name="size")),
                        (
                            "digest",
                            models.CharField(
                                help_text="SHA-256 of what was uploaded", max_length=64
                            ),
                        ),
                        ("path", models.CharField(max_length=200)),
                        ("thumbnail_path", models.CharField(blank=True, max_length=200)),
                        ("width", models.PositiveIntegerField(blank=True, null=True)),
                        ("height", models.PositiveIntegerField(blank=True, null=True)),
                        ("added_label", models.CharField(max_length=200, verbose_name="added by")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="added",
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
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
                    ],
                    options={
                        "verbose_name": "attachment",
                        "verbose_name_plural": "attachments",
                        "ordering": ["kind", "-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "object_type", "object_id", "digest"),
                                name="attachment_once_an_object",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdempotentCall",
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
                            "caller",
                            models.CharField(
                                help_text="token:<id> or user:<id>",
                                max_length=40,
                                verbose_name="caller",
                            ),
                        ),
                        ("key_digest", models.CharField(max_length=64)),
                        ("request_digest", models.CharField(max_length=64)),
                        (
                            "status",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="status"
                            ),
                        ),
                        ("content_type", models.CharField(blank=True, max_length=100)),
                        ("sealed_answer", models.BinaryField(default=bytes)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("expires_at", models.DateTimeField(db_index=True, verbose_name="expires")),
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
                        "verbose_name": "idempotent call",
                        "verbose_name_plural": "idempotent calls",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "caller", "key_digest"),
                                name="idempotent_call_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
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
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("user_label", models.CharField(max_length=200, verbose_name="who")),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        ("size_bytes", models.PositiveIntegerField(verbose_name="size")),
                        ("sha256", models.CharField(max_length=64)),
                        ("origin", models.CharField(max_length=60, verbose_name="read as")),
                        ("original", models.BinaryField()),
                        ("is_redacted", models.BooleanField(default=False)),
                        ("sheet", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Preview"),
                                    ("done", "Imported"),
                                    ("discarded", "Discarded"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("row_count", models.PositiveIntegerField(default=0, verbose_name="rows")),
                        (
                            "created_count",
                            models.PositiveIntegerField(default=0, verbose_name="new"),
                        ),
                        (
                            "changed_count",
                            models.PositiveIntegerField(default=0, verbose_name="changed"),
                        ),
                        ("objects_done", models.JSONField(default=list)),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "request_id",
                            models.CharField(blank=True, max_length=64, verbose_name="request id"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="uploaded",
                            ),
                        ),
                        (
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="imported"),
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
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-created_at"], name="import_run_recent_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchFill",
                    fields=[
                        (
                            "kind",
                            models.CharField(
                                max_length=20,
                                primary_key=True,
                                serialize=False,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "floor_id",
                            models.BigIntegerField(
                                default=0, verbose_name="looked for above this id"
                            ),
                        ),
                        (
                            "next_id",
                            models.BigIntegerField(default=0, verbose_name="the next floor"),
                        ),
                        (
                            "next_at",
                            models.DateTimeField(
                                null=True, verbose_name="when that was the highest id"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "search fill",
                        "verbose_name_plural": "search fills",
                        "ordering": ["kind"],
                    },
                ),
            ]
        ),
        search.functions(),
        *sql.same_operators(KEYS),
    ]
