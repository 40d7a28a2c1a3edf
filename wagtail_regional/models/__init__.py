"""The registry: one row per real thing, whatever the number of languages.

Models know nothing of blocks, pages, the API or the admin.
"""

from wagtail_regional.models.alliances import Alliance, Membership, Recognition
from wagtail_regional.models.base import Dated, Period, RegistryEntry
from wagtail_regional.models.changes import ContentChange
from wagtail_regional.models.imports import ImportFile, ImportUpload
from wagtail_regional.models.links import LinkCheck, LinkProblem
from wagtail_regional.models.organisations import (
    Organisation,
    OrganisationIdentifier,
    canonical_ror_id,
)
from wagtail_regional.models.previews import PagePreview
from wagtail_regional.models.programmes import (
    Programme,
    ProgrammeAccess,
    ProgrammeCode,
    ProgrammeProvider,
)
from wagtail_regional.models.projects import Project
from wagtail_regional.models.settings import RegionalSettings
from wagtail_regional.models.themes import Theme
from wagtail_regional.models.webhooks import DeliveryState, Webhook, WebhookDelivery

__all__ = [
    "Alliance",
    "ContentChange",
    "Dated",
    "DeliveryState",
    "ImportFile",
    "ImportUpload",
    "LinkCheck",
    "LinkProblem",
    "Membership",
    "Organisation",
    "OrganisationIdentifier",
    "PagePreview",
    "Period",
    "Programme",
    "ProgrammeAccess",
    "ProgrammeCode",
    "ProgrammeProvider",
    "Project",
    "Recognition",
    "RegionalSettings",
    "RegistryEntry",
    "Theme",
    "Webhook",
    "WebhookDelivery",
    "canonical_ror_id",
]
