from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.search import index

from wagtail_regional.fields import LocalizedTextField, WordsField
from wagtail_regional.models.alliances import Alliance
from wagtail_regional.models.base import Period, RegistryEntry, period_constraint
from wagtail_regional.models.search import RegistrySearch
from wagtail_regional.models.themes import Theme


class Project(RegistrySearch, index.Indexed, RegistryEntry, Period, ClusterableModel):
    """Something an alliance undertakes, with a beginning and an end."""

    words = WordsField("title", "summary")
    title = LocalizedTextField(_("title"), max_length=255)
    alliance = models.ForeignKey(
        Alliance, verbose_name=_("alliance"), on_delete=models.PROTECT, related_name="projects"
    )
    summary = LocalizedTextField(_("summary"), blank=True, multiline=True)
    website = models.URLField(_("website"), blank=True, max_length=500)
    themes = ParentalManyToManyField(
        Theme, verbose_name=_("themes"), blank=True, related_name="projects"
    )

    localized_search_fields = ("title",)
    search_fields = [*RegistrySearch.search_fields, index.FilterField("alliance")]

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [period_constraint("wr_project")]
        indexes = [models.Index(fields=["ends"], name="wr_project_ends")]

    def __str__(self) -> str:
        return str(self.title)
