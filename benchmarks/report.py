"""What is printed: tables, and beside each limit whether it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Data = dict[str, Any]

#: Rebuilt against straightforward at least, and against the floor at most, by size.
FASTER = {"S": 8, "L": 30}
SLOWER = {"SQLite": {"S": 8, "L": 50}, "PostgreSQL": {"S": 12, "L": 80}}
#: Of an answer that nothing was made for, against the floor; its bytes, by size.
AGAIN = 1.3
WEIGHT = {"S": 30_000, "L": 500_000}
#: The same of HTML: when nothing has changed, which is mostly Wagtail's way to the page, and after.
HTML_AGAIN = {"S": 25, "L": 25}
HTML_SLOWER = {"S": 30, "L": 40}
#: The workers' memory after a thousand answers were made anew, against what it was at first.
MEMORY = 1.2


@dataclass
class Limit:
    """Something that must hold.

    Attributes:
        holds: None where it could not be measured.
    """

    where: str
    what: str
    found: str
    holds: bool | None


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text in columns: the first to the left, figures to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [header, ["-" * width for width in widths], *rows]
    ]
    return "\n".join(lines)


def show(report: Data) -> str:
    """The table of one size on one database."""
    header = ["", "ms", "x floor", "req/s", "x floor", "queries", "bytes"]
    rows = [
        [
            row["label"] + (f" ({row['note']})" if row["note"] else ""),
            _figure(row["latency"]),
            _figure(_ratio(row["latency"], row["floor_latency"])),
            _figure(row["rate"]),
            _figure(_ratio(row["rate"], row["floor_rate"])),
            _figure(row["queries"]),
            _figure(row["size"]),
        ]
        for row in report["rows"]
    ]
    before, after = report["memory_before"], report["memory_after"]
    memory = f"{before / 2**20:.0f} MiB before, {after / 2**20:.0f} MiB after" if after else "–"
    same = "the same body" if report["same_facts"] else "ANOTHER BODY, so compare with care"
    return "\n".join(
        [
            f"== {report['database']} {report['version']}, {report['content']}",
            table(header, rows),
            f"Memory of all workers: {memory}. Straightforward gives {same}.",
        ]
    )


def show_layers(report: Data) -> str:
    """The table of what each layer gains that keeps something."""
    header = ["layer", "request", "with it: ms", "without: ms", "ratio", "lines"]
    rows = [
        [
            row["name"],
            row["request"],
            _figure(row["kept"]),
            _figure(row["without"]),
            _figure(_ratio(row["without"], row["kept"])),
            _figure(row["lines"]),
        ]
        for row in report["layers"]
    ]
    return f"What keeping gains, in one process:\n{table(header, rows)}"


def show_scale(rows: list[Data]) -> str:
    """The table of the list pages."""
    header = ["list page, after a change of a", "theme: ms", "ms", "ratio"]
    header += ["programme: ms", "ms", "ratio", "queries"]
    lines = [
        [
            row["label"],
            *_side_by_side(row["small"], row["large"]),
            *_side_by_side(row["small_recounted"], row["large_recounted"]),
            f"{row['small_queries']}, {row['large_queries']}",
        ]
        for row in rows
    ]
    title = "== PostgreSQL, 1,000 programmes of 100 organisations and 100,000 of 10,000"
    return f"{title}\n{table(header, lines)}"


def _side_by_side(small: float, large: float) -> list[str]:
    return [_figure(small), _figure(large), _figure(large / small)]


def show_editors(rows: list[Data]) -> str:
    """The table of what editors wait for."""
    lines = [[row["label"], _figure(row["milliseconds"]), _figure(row["queries"])] for row in rows]
    title = "== PostgreSQL, 100,000 programmes of 10,000 organisations: what editors wait for"
    return f"{title}\n{table(['', 'ms', 'queries'], lines)}"


def limits(reports: list[Data], scale: list[Data], editors: list[Data]) -> list[Limit]:
    """Every limit with what was found."""
    found = [limit for report in reports for limit in _limits_of(report)]
    found += [limit for row in scale for limit in _limits_at_scale(row)]
    for row in editors:
        label, most = row["label"], row["most"]
        took, queries = row["milliseconds"], row["queries"]
        what = f"{label}: at most {most:,.0f} ms"
        found.append(Limit("editors", what, f"{took:,.0f} ms", took <= most))
        if most_queries := row["most_queries"]:
            what = f"{label}: at most {most_queries:,} queries"
            found.append(Limit("editors", what, f"{queries:,}", queries <= most_queries))
    return found


def _limits_at_scale(row: Data) -> Iterator[Limit]:
    most = 5 if row.get("facets") else 2
    for end, after in (("", ""), ("_recounted", ", after a change of a programme")):
        small, large = row[f"small{end}"], row[f"large{end}"]
        what = f"{row['label']}{after}: at 100,000 at most {most}x what it costs at 1,000"
        yield Limit("scale", what, f"{large / small:.2f}x", large / small <= most)
        if row.get("facets"):
            what = f"{row['label']}{after}: at 100,000 at most 300 ms"
            yield Limit("scale", what, f"{large:.0f} ms", large <= 300)


def _limits_of(report: Data) -> Iterator[Limit]:
    rows = {row["key"]: row for row in report["rows"]}
    where, size = f"{report['database']} {report['size']}", report["size"]

    def at_most(name: str, most: float, found: float | None, unit: str) -> Limit:
        holds = None if found is None else found <= most
        return Limit(where, f"{name}: at most {most:g}{unit}", _figure(found), holds)

    def at_least(name: str, least: float, found: float | None, unit: str) -> Limit:
        holds = None if found is None else found >= least
        return Limit(where, f"{name}: at least {least:g}{unit}", _figure(found), holds)

    for key in ("unchanged", "conditional"):
        row = rows[f"router.{key}"]
        latency = _ratio(row["latency"], row["floor_latency"])
        yield at_most(key, AGAIN, latency, "x the floor's latency")
        rate = _ratio(row["rate"], row["floor_rate"])
        yield at_least(key, 0.6, rate, "x the floor's throughput")
        yield at_most(key, 1, row["queries"], " query")
    rebuilt, plain = rows["router.rebuilt"], rows["straightforward.unchanged"]
    yield at_most("rebuilt", 12, rebuilt["queries"], " queries")
    yield at_most("weight", WEIGHT[size], rebuilt["size"], " bytes")
    faster = _ratio(plain["latency"], rebuilt["latency"])
    yield at_least("rebuilt", FASTER[size], faster, "x faster than straightforward")
    slower = _ratio(rebuilt["latency"], rebuilt["floor_latency"])
    yield at_most("rebuilt", SLOWER[report["database"]][size], slower, "x the floor's latency")
    for key, most in (("unchanged", HTML_AGAIN[size]), ("rebuilt", HTML_SLOWER[size])):
        row = rows[f"html.{key}"]
        html = _ratio(row["latency"], row["floor_latency"])
        yield at_most(f"HTML, {key}", most, html, "x the floor's latency")
    before, after = report["memory_before"], report["memory_after"]
    yield at_most("memory after a thousand changes", MEMORY, _ratio(after, before), "x at first")


def show_limits(found: list[Limit]) -> str:
    words = {True: "holds", False: "MISSED", None: "not measured"}
    rows = [[f"{each.where}, {each.what}", each.found, words[each.holds]] for each in found]
    return f"== Limits, through our router\n{table(['', 'found', ''], rows)}"


def as_data(found: list[Limit]) -> list[Data]:
    return [asdict(each) for each in found]


def _ratio(one: float | None, other: float | None) -> float | None:
    return None if one is None or not other else one / other


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 100 else f"{value:.2f}"
