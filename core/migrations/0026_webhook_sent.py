"""What templates of webhooks made, and what an event is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0025_webhook_tickets"),
    ]

    operations = [
        migrations.AddField(
            model_name="webhookdelivery",
            name="sent_body",
            field=models.TextField(blank=True, verbose_name="what was sent"),
        ),
        migrations.AddField(
            model_name="webhookevent",
            name="subject",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(
                condition=models.Q(("subject", ""), _negated=True),
                fields=["operator", "subject"],
                name="webhook_event_subject_idx",
            ),
        ),
    ]
