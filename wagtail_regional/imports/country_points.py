"""Where countries are, near enough to see that a latitude and a longitude changed places.

Places are whole degrees of the towns that the time zone database (zone.tab of the IANA tz
database, in the public domain) names for each country of ISO 3166-1: one or more of each.
"""

from __future__ import annotations

from functools import cache
from math import cos, hypot, radians
from typing import Final

_PLACES: Final = (
    "AD 42,2; AE 25,55; AF 35,69; AG 17,-62; AI 18,-63; AL 41,20; AM 40,44; AO -9,13; AQ "
    "-78,167 -66,111 -69,78 -67,140 -68,63 -65,-64 -68,-68 -69,40 -72,3 -78,107; AR -35,-58 "
    "-31,-64 -25,-65 -24,-65 -27,-65 -28,-66 -29,-67 -32,-69 -33,-69 -33,-66 -52,-69 -55,-68; "
    "AS -14,-171; AT 48,16; AU -32,159 -54,159 -43,147 -38,145 -34,151 -32,141 -27,153 -20,149 "
    "-35,139 -12,131 -32,116 -32,129; AW 12,-70; AX 60,20; AZ 40,50; BA 44,18; BB 13,-60; BD "
    "24,90; BE 51,4; BF 12,-2; BG 43,23; BH 26,51; BI -3,29; BJ 6,3; BL 18,-63; BM 32,-65; BN "
    "5,115; BO -16,-68; BQ 12,-68; BR -4,-32 -1,-48 -4,-38 -8,-35 -7,-48 -10,-36 -13,-39 "
    "-24,-47 -20,-55 -16,-56 -2,-55 -9,-64 3,-61 -3,-60 -7,-70 -10,-68; BS 25,-77; BT 27,90; BW "
    "-25,26; BY 54,28; BZ 18,-88; CA 48,-53 45,-64 46,-60 46,-65 53,-60 51,-57 44,-79 64,-68 "
    "49,-92 50,-97 75,-95 63,-92 50,-105 50,-108 54,-113 69,-105 68,-134 49,-117 56,-120 "
    "59,-123 61,-135 64,-139 49,-123; CC -12,97; CD -4,15 -12,27; CF 4,19; CG -4,15; CH 47,9; "
    "CI 5,-4; CK -21,-160; CL -33,-71 -46,-72 -53,-71 -27,-109; CM 4,10; CN 31,121 44,88; CO "
    "5,-74; CR 10,-84; CU 23,-82; CV 15,-24; CW 12,-69; CX -10,106; CY 35,33 35,34; CZ 50,14; "
    "DE 52,13 48,9; DJ 12,43; DK 56,13; DM 15,-61; DO 18,-70; DZ 37,3; EC -2,-80 -1,-90; EE "
    "59,25; EG 30,31; EH 27,-13; ER 15,39; ES 40,-4 36,-5 28,-15; ET 9,39; FI 60,25; FJ "
    "-18,178; FK -52,-58; FM 7,152 7,158 5,163; FO 62,-7; FR 49,2; GA 0,9; GB 52,0; GD 12,-62; "
    "GE 42,45; GF 5,-52; GG 49,-3; GH 6,0; GI 36,-5; GL 64,-52 77,-19 70,-22 77,-69; GM 13,-17; "
    "GN 10,-14; GP 16,-62; GQ 4,9; GR 38,24; GS -54,-37; GT 15,-91; GU 13,145; GW 12,-16; GY "
    "7,-58; HK 22,114; HN 14,-87; HR 46,16; HT 19,-72; HU 48,19; ID -6,107 0,109 -5,119 -3,141; "
    "IE 53,-6; IL 32,35; IM 54,-4; IN 23,88; IO -7,72; IQ 33,44; IR 36,51; IS 64,-22; IT 42,12; "
    "JE 49,-2; JM 18,-77; JO 32,36; JP 36,140; KE -1,37; KG 43,75; KH 12,105; KI 1,173 -3,-172 "
    "2,-157; KM -12,43; KN 17,-63; KP 39,126; KR 38,127; KW 29,48; KY 19,-81; KZ 43,77 45,65 "
    "53,64 50,57 45,50 47,52 51,51; LA 18,103; LB 34,36; LC 14,-61; LI 47,10; LK 7,80; LR "
    "6,-11; LS -29,28; LT 55,25; LU 50,6; LV 57,24; LY 33,13; MA 34,-8; MC 44,7; MD 47,29; ME "
    "42,19; MF 18,-63; MG -19,48; MH 7,171 9,167; MK 42,21; ML 13,-8; MM 17,96; MN 48,107 "
    "48,92; MO 22,114; MP 15,146; MQ 15,-61; MR 18,-16; MS 17,-62; MT 36,15; MU -20,58; MV "
    "4,74; MW -16,35; MX 19,-99 21,-87 21,-90 26,-100 26,-98 29,-106 32,-106 30,-104 23,-106 "
    "21,-105 29,-111 33,-117; MY 3,102 2,110; MZ -26,33; NA -23,17; NC -22,166; NE 14,2; NF "
    "-29,168; NG 6,3; NI 12,-86; NL 52,5; NO 60,11; NP 28,85; NR -1,167; NU -19,-170; NZ "
    "-37,175 -44,-177; OM 24,59; PA 9,-80; PE -12,-77; PF -18,-150 -9,-140 -23,-135; PG -10,147 "
    "-6,156; PH 15,121; PK 25,67; PL 52,21; PM 47,-56; PN -25,-130; PR 18,-66; PS 32,34 32,35; "
    "PT 39,-9 33,-17 38,-26; PW 7,134; PY -25,-58; QA 25,52; RE -21,55; RO 44,26; RS 45,20; RU "
    "55,20 56,38 59,50 49,44 46,48 52,46 54,48 53,50 57,61 55,73 55,83 53,84 56,85 54,87 56,93 "
    "52,104 52,113 62,130 63,136 43,132 65,143 60,151 47,143 67,154 53,159 65,177; RW -2,30; SA "
    "25,47; SB -10,160; SC -5,55; SD 16,33; SE 59,18; SG 1,104; SH -16,-6; SI 46,15; SJ 78,16; "
    "SK 48,17; SL 8,-13; SM 44,12; SN 15,-17; SO 2,45; SR 6,-55; SS 5,32; ST 0,7; SV 14,-89; SX "
    "18,-63; SY 34,36; SZ -26,31; TC 21,-71; TD 12,15; TF -49,70; TG 6,1; TH 14,101; TJ 39,69; "
    "TK -9,-171; TL -9,126; TM 38,58; TN 37,10; TO -21,-175; TR 41,29; TT 11,-62; TV -9,179; TW "
    "25,122; TZ -7,39; UA 45,34 50,31; UG 0,32; UM 28,-177 19,167; US 41,-74 42,-83 38,-86 "
    "37,-85 40,-86 39,-88 41,-87 38,-87 39,-85 42,-88 45,-88 47,-101 47,-102 40,-105 44,-116 "
    "33,-112 34,-118 61,-150 58,-134 57,-135 55,-132 60,-140 64,-165 52,-177 21,-158; UY "
    "-35,-56; UZ 40,67 41,69; VA 42,12; VC 13,-61; VE 10,-67; VG 18,-65; VI 18,-65; VN 11,107; "
    "VU -18,168; WF -13,-176; WS -14,-172; YE 13,45; YT -13,45; ZA -26,28; ZM -15,28; ZW -18,31 "
)

#: In degrees: as near as a place is to a town of its country, large ones apart; and so far off
#: that it can hardly be in it.
_NEAR: Final = 12
_FAR: Final = 20


@cache
def _places() -> dict[str, list[tuple[int, int]]]:
    found = {}
    for entry in _PLACES.split("; "):
        code, *places = entry.split()
        found[code] = [(int(a), int(b)) for a, b in (each.split(",") for each in places)]
    return found


def look_swapped(country: str, latitude: float, longitude: float) -> bool:
    """Whether a point is far from its country, and would be in it with its two numbers swapped.

    Args:
        country: of ISO 3166-1; of another, and of none, nothing is known.
        latitude: in degrees.
        longitude: in degrees.
    """
    if abs(longitude) > 90:
        # Swapped, it would be nowhere.
        return False
    places = _places().get(country, [])
    if abs(latitude) > 90:
        return not places or _distance(places, longitude, latitude) < _FAR
    return bool(places) and (
        _distance(places, longitude, latitude) < _NEAR
        and _distance(places, latitude, longitude) > _FAR
    )


def _distance(places: list[tuple[int, int]], latitude: float, longitude: float) -> float:
    """How far the nearest of some places is, in degrees of latitude."""
    return min(
        hypot(
            latitude - north,
            ((longitude - east + 180) % 360 - 180) * cos(radians((latitude + north) / 2)),
        )
        for north, east in places
    )
