from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_regional', '0010_words'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='contentchange',
            name='tables',
        ),
        migrations.AddField(
            model_name='contentchange',
            name='of_programmes',
            field=models.BooleanField(db_default=True, editable=False),
        ),
    ]
