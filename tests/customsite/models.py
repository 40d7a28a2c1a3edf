from django.contrib.auth.models import AbstractUser
from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition


class User(AbstractUser):
    pass


class OurImage(AbstractImage):
    credit = models.CharField(max_length=100, blank=True)
    admin_form_fields = ("title", "file", "credit")


class OurRendition(AbstractRendition):
    image = models.ForeignKey(OurImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
