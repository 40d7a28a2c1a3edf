"""A file of many organisations, to measure imports with: python -m benchmarks.imports 50000"""

from __future__ import annotations

import csv
import sys

HEADERS = [
    "name_en",
    "name_nl",
    "acronym",
    "type",
    "identifiers",
    "website",
    "locality",
    "country",
    "latitude",
    "longitude",
    "parent",
    "founded",
]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    writer = csv.writer(sys.stdout)
    writer.writerow(HEADERS)
    for number in range(count):
        # One in ten names a row further on, or before.
        parent = "" if number % 10 else f"kvk:{count - 1 - number:08}"
        writer.writerow(
            [
                f"Organisation {number}",
                f"Organisatie {number}",
                f"O{number}",
                "company",
                f"kvk:{number:08}",
                f"https://organisation-{number}.example.org/",
                "Leiden",
                "NL",
                "52,1571",
                "4,4853",
                parent,
                "2001-02",
            ]
        )


if __name__ == "__main__":
    main()
