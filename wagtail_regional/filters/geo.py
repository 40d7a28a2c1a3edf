"""Near a point, inside a box: on the sphere, in plain SQL that every database has.

Degrees are WGS 84. The earth is taken as a sphere of 6371.0088 km (the mean radius of the IUGG),
which is off by half a percent at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ASin, Cast, Cos, Greatest, Least, Power, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual

EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Box:
    """A box between two meridians and two parallels; west of east, it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def condition(self, prefix: str = "") -> Q:
        """Rows in the box, its edges included.

        Args:
            prefix: leads to the organisation, such as ``organisation__``.
        """
        east_of = Q(**{f"{prefix}longitude__gte": self.west})
        west_of = Q(**{f"{prefix}longitude__lte": self.east})
        between = Q(**{f"{prefix}latitude__range": (self.south, self.north)})
        if self.west > self.east:
            return between & (east_of | west_of)
        condition = between & east_of & west_of
        # +180 and -180 are the same meridian.
        if self.west == -180:
            condition |= between & Q(**{f"{prefix}longitude": 180})
        if self.east == 180:
            condition |= between & Q(**{f"{prefix}longitude": -180})
        return condition


@dataclass(frozen=True)
class Circle:
    """Everything at most so far from a point, as the crow flies."""

    latitude: float
    longitude: float
    radius_km: float

    def distance(self, prefix: str = "") -> Any:
        """The distance in kilometres: the haversine formula, which is exact for near points."""
        latitude = Radians(Cast(F(f"{prefix}latitude"), FloatField()))
        longitude = Radians(Cast(F(f"{prefix}longitude"), FloatField()))
        here = math.radians(self.latitude), math.radians(self.longitude)
        across = Power(Sin((latitude - Value(here[0])) / Value(2.0)), Value(2.0))
        along = Power(Sin((longitude - Value(here[1])) / Value(2.0)), Value(2.0))
        chord = across + Value(math.cos(here[0])) * Cos(latitude) * along
        # Rounding may carry it past the ends, where no arc sine is.
        bounded = Least(Value(1.0), Greatest(Value(0.0), chord, output_field=FloatField()))
        return Value(2 * EARTH_KM) * ASin(Sqrt(bounded, output_field=FloatField()))

    def box(self) -> Box:
        """The smallest box that holds the circle; all the way round when it holds a pole."""
        angle = math.degrees(self.radius_km / EARTH_KM)
        # A little room, so that rounding leaves nothing out.
        south, north = self.latitude - angle - 1e-6, self.latitude + angle + 1e-6
        if south <= -90 or north >= 90:
            return Box(-180, max(south, -90), 180, min(north, 90))
        ratio = math.sin(math.radians(angle)) / math.cos(math.radians(self.latitude))
        width = math.degrees(math.asin(min(1, ratio))) + 1e-6
        west, east = self.longitude - width, self.longitude + width
        if width >= 180:
            return Box(-180, south, 180, north)
        return Box(_around(west), south, _around(east), north)

    def condition(self, prefix: str = "") -> Q:
        """Rows in the circle, by a box that an index serves and then by distance."""
        near = Q(LessThanOrEqual(self.distance(prefix), Value(self.radius_km)))
        return self.box().condition(prefix) & near


def _around(longitude: float) -> float:
    return (longitude + 180) % 360 - 180 if not -180 <= longitude <= 180 else longitude


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The distance between two points of latitude and longitude."""
    one, other = math.radians(here[0]), math.radians(there[0])
    across = math.sin((other - one) / 2) ** 2
    along = math.sin(math.radians(there[1] - here[1]) / 2) ** 2
    chord = across + math.cos(one) * math.cos(other) * along
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, max(0.0, chord))))
