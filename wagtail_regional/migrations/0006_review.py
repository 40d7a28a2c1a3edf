from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def owner() -> Any:
    return models.ForeignKey(
        blank=True,
        help_text="Who keeps this true, and is told when it needs care.",
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name="owner",
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("wagtail_regional", "0005_constraints"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="status of the answer"
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown_host", "its host cannot be found"),
                            ("private", "its host is not on the public internet"),
                            ("unreachable", "no connection could be made"),
                            ("certificate", "its certificate is not valid"),
                            ("timeout", "it took too long"),
                            ("redirects", "it redirects in circles, or too often"),
                            (
                                "status",
                                "it answers that there is no such page, or with an error",
                            ),
                            ("invalid", "it is not a well-formed address"),
                        ],
                        max_length=20,
                        verbose_name="problem",
                    ),
                ),
                ("checked_at", models.DateTimeField(db_index=True, verbose_name="checked")),
                ("failing_since", models.DateTimeField(null=True, verbose_name="failing since")),
            ],
            options={
                "verbose_name": "link check",
                "verbose_name_plural": "link checks",
                "default_permissions": (),
            },
        ),
        *(
            migrations.AddField(model_name=name, name="owner", field=owner())
            for name in ("organisation", "alliance", "project", "programme", "theme")
        ),
    ]
