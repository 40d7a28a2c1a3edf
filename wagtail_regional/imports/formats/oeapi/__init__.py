"""Programmes, courses and organisations of the Open Education API, versions 5 and 6.

The versions are told apart item by item, by the names they use: ``programId`` is v5,
``programmeId`` v6. A code the specification knows and this registry has no place for is left out
with a warning; one that neither knows is an error. Values that begin with ``x-`` are the
specification's own way to extend its codes.
"""

from wagtail_regional.imports.formats.oeapi.items import Context
from wagtail_regional.imports.formats.oeapi.organisations import (
    collect_organisations,
    read_organisations,
)
from wagtail_regional.imports.formats.oeapi.programmes import read_programmes

__all__ = ["Context", "collect_organisations", "read_organisations", "read_programmes"]
