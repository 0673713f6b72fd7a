"""Charts drawn by the server: readings of one measure over time, with its target; and how far
apart two groups of people are.

SVG with a title and a description, no inline style (the page's policy forbids it): colours
come from classes in `app.css`, and as presentation attributes for paper. The figures stand
beside it in a table; every label says what colour only repeats.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

AcrossScale = Callable[[date], float]
UpScale = Callable[[Decimal], float]

WIDTH, HEIGHT = 400, 160
LEFT, RIGHT, TOP, BOTTOM = 16, 88, 22, 34  # room for labels around the drawing
INK, LINE, EDGE, FIRST = "#17212b", "#dde3e9", "#6b7885", "#12436d"


@dataclass(frozen=True)
class Point:
    """A value on a day."""

    day: date
    value: Decimal


def figure(value: Decimal, unit: str = "") -> str:
    """63 %, 4.5 pupils, 12."""
    number = f"{value.normalize():,f}"
    return f"{number} {unit}".strip()


def description(points: Sequence[Point], *, target: Decimal | None, unit: str) -> str:
    """The chart in one sentence, for those who do not see it."""
    first, last = points[0], points[-1]
    said = f"{_day(first)}: {figure(first.value, unit)}"
    if len(points) > 1:
        said = f"From {figure(first.value, unit)} on {_day(first)} to "
        said += f"{figure(last.value, unit)} on {_day(last)}, {len(points)} points"
    return said + (f"; target {figure(target, unit)}." if target is not None else ".")


def line_chart(
    points: Sequence[Point], *, title: str, key: str, target: Decimal | None = None, unit: str = ""
) -> SafeString:
    """A small line chart; `key` makes its ids unique on the page. Nothing without points."""
    if not points:
        return SafeString("")
    points = sorted(points, key=lambda point: point.day)
    x, y = _scales(points, target)
    spots = [(x(point.day), y(point.value)) for point in points]
    level = None if target is None else y(target)
    return format_html(
        '<svg class="chart small" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d"'
        ' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}{}{}{}</svg>',
        WIDTH, HEIGHT, key, key, key, title, key, description(points, target=target, unit=unit),
        _axis(points), _target(level), _line(spots), _labels(points, spots, target, level, unit),
    )  # fmt: skip


def _scales(points: Sequence[Point], target: Decimal | None) -> tuple[AcrossScale, UpScale]:
    values = [float(point.value) for point in points]
    values += [] if target is None else [float(target)]
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1
    low, high = low - room, high + room
    first, days = points[0].day, (points[-1].day - points[0].day).days

    def x(day: date) -> float:
        width = WIDTH - LEFT - RIGHT
        return round(LEFT + width * ((day - first).days / days if days else 0.5), 1)

    def y(value: Decimal) -> float:
        height = HEIGHT - TOP - BOTTOM
        return round(TOP + height * (1 - (float(value) - low) / (high - low)), 1)

    return x, y


def _day(point: Point) -> str:
    return formats.date_format(point.day, "j F Y")


def _axis(points: Sequence[Point]) -> SafeString:
    base = HEIGHT - BOTTOM
    right = WIDTH - RIGHT
    ends = [(float(LEFT), "start", points[0]), (right, "end", points[-1])]
    if len({point.day for point in points}) == 1:
        ends = [((LEFT + right) / 2, "middle", points[0])]
    return format_html(
        '<path class="axis" stroke="{}" fill="none" d="M{} {}H{}"/>{}',
        LINE, LEFT, base, right,
        format_html_join(
            "",
            '<text class="quiet" fill="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
            (
                (EDGE, spot, base + 20, anchor, formats.date_format(point.day, "j M Y"))
                for spot, anchor, point in ends
            ),
        ),
    )  # fmt: skip


def _target(level: float | None) -> SafeString:
    if level is None:
        return SafeString("")
    return format_html(
        '<path class="target" stroke="{}" stroke-dasharray="4 3" fill="none" d="M{} {}H{}"/>',
        EDGE, LEFT, level, WIDTH - RIGHT,
    )  # fmt: skip


def _line(spots: Sequence[tuple[float, float]]) -> SafeString:
    return format_html(
        '<path class="line s1" stroke="{}" stroke-width="2.5" fill="none" d="M{}"/>{}',
        FIRST,
        "L".join(f"{x} {y}" for x, y in spots),
        format_html_join(
            "", '<circle class="f1" fill="{}" cx="{}" cy="{}" r="4"/>',
            ((FIRST, x, y) for x, y in spots),
        ),
    )  # fmt: skip


def _labels(
    points: Sequence[Point],
    spots: Sequence[tuple[float, float]],
    target: Decimal | None,
    level: float | None,
    unit: str,
) -> SafeString:
    """The last value and the target beside the drawing, the first above its spot."""
    edge = WIDTH - RIGHT + 8
    last = spots[-1][1] + 4
    said = [(INK, float(edge), last, "start", figure(points[-1].value, unit))]
    if len(points) > 1:
        said.append(
            (INK, spots[0][0], max(spots[0][1] - 9, 12), "start", figure(points[0].value, unit))
        )
    if target is not None and level is not None:
        spot = level + 4
        if abs(spot - last) < 15:  # keep the two words apart
            spot = last - 15 if spot < last else last + 15
        said.append((EDGE, edge, spot, "start", f"target {figure(target, unit)}"))
    return format_html_join("", '<text fill="{}" x="{}" y="{}" text-anchor="{}">{}</text>', said)


# --- how far apart two are -----------------------------------------------------------------------
ROW, CHART = 44, 540  # room for the statement above its line


def gap_chart(
    rows: Sequence[tuple[str, float, float]],
    *,
    title: str,
    key: str,
    names: tuple[str, str],
    scale: tuple[int, int],
) -> SafeString:
    """A line for each statement from one mean to the other: a full dot and a ring."""
    if not rows:
        return SafeString("")
    one, other = names
    said = "; ".join(f"{words}: {one} {a}, {other} {b}" for words, a, b in rows)
    return format_html(
        '<svg class="chart gaps" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d"'
        ' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}{}</svg>',
        CHART, ROW * (len(rows) + 1), key, key, key, title, key, said, _names(names),
        format_html_join("", "{}", ((_gap(row, place, scale),) for place, row in enumerate(rows))),
    )  # fmt: skip


def _names(names: tuple[str, str]) -> SafeString:
    return format_html(
        '<circle class="f1" fill="{}" cx="22" cy="16" r="5"/>'
        '<text fill="{}" x="34" y="20">{}</text>'
        '<circle class="ring" fill="#fff" stroke="{}" stroke-width="2" cx="142" cy="16" r="5"/>'
        '<text fill="{}" x="154" y="20">{}</text>',
        FIRST, INK, names[0], FIRST, INK, names[1],
    )  # fmt: skip


def _gap(row: tuple[str, float, float], place: int, scale: tuple[int, int]) -> SafeString:
    words, one, other = row
    y = ROW * (place + 1) + 30
    low, high = scale

    def x(value: float) -> float:
        return round(2 * LEFT + (CHART - 4 * LEFT - 24) * (value - low) / (high - low), 1)

    left, right = sorted((one, other))
    return format_html(
        '<text fill="{}" x="{}" y="{}">{}</text>'
        '<path class="axis" stroke="{}" fill="none" d="M{} {}H{}"/>'
        '<path class="line s1" stroke="{}" stroke-width="2.5" fill="none" d="M{} {}H{}"/>'
        '<circle class="ring" fill="#fff" stroke="{}" stroke-width="2" cx="{}" cy="{}" r="5"/>'
        '<circle class="f1" fill="{}" cx="{}" cy="{}" r="5"/>'
        '<text class="quiet" fill="{}" x="{}" y="{}">{}</text>'
        '<text class="quiet" fill="{}" x="{}" y="{}" text-anchor="end">{}</text>',
        INK, LEFT, y - 12, _short(words),
        LINE, x(low), y, x(high),
        FIRST, x(left), y, x(right),
        FIRST, x(other), y,
        FIRST, x(one), y,
        EDGE, x(right) + 9, y + 4, right,
        EDGE, x(left) - 9, y + 4, "" if left == right else left,
    )  # fmt: skip


def _short(words: str) -> str:
    """What fits above its line."""
    return words if len(words) <= 76 else f"{words[:74].rstrip()}…"
