from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_regional', '0007_imports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['latitude', 'longitude'], name='wr_organisation_place'),
        ),
    ]
