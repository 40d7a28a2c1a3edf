from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("wagtail_regional", "0004_preview")]

    operations = [
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=Q(group_count__isnull=True) | Q(group_count__gte=1),
                name="wr_membership_group_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=Q(member_alliance__isnull=True) | ~Q(member_alliance=F("alliance")),
                name="wr_membership_not_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeaccess",
            constraint=models.CheckConstraint(
                condition=Q(ects__isnull=True) | Q(ects__gte=0), name="wr_access_ects"
            ),
        ),
    ]
