from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel

from wagtail_regional.fields import (
    CodeListField,
    LocalizedTextField,
    PartialDateField,
    not_before,
)

ACTIVITIES = [
    ("research", "Research"),
    ("education", "Education"),
    ("life_science", "Life science"),
    ("lifeXscience", "Not life science"),
]


def activities() -> list[tuple[str, str]]:
    return ACTIVITIES


def no_capitals(code: str) -> None:
    if code != code.lower():
        raise ValidationError("“%(code)s” has capitals.", params={"code": code})


class Thing(ClusterableModel):
    name = LocalizedTextField(max_length=40)
    summary = LocalizedTextField(multiline=True, blank=True)
    starts = PartialDateField(null=True, blank=True)
    ends = PartialDateField(null=True, blank=True)
    activities = CodeListField(choices=activities, blank=True)
    keywords = CodeListField(max_length=30, validate_code=no_capitals, blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)

    panels = [FieldPanel("name"), FieldPanel("summary"), FieldPanel("starts")]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=not_before("starts", "ends"),
                name="testapp_thing_ends_after_start",
                violation_error_message="It ends before it starts.",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)
