"""Charts as inline SVG whose colours come from the page, so that they follow light and dark.

Each is drawn 360 units wide, a narrow screen's width, so that its text stays readable there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 360
_LEFT, _RIGHT, _TOP = 34, 12, 8
_PLOT = WIDTH - _LEFT - _RIGHT
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "4 4", "1 3")


@dataclass(frozen=True, slots=True)
class Interval:
    """A value in [0, 1] with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """A named series of points."""

    name: str
    points: tuple[tuple[float, float], ...]


def interval_chart(label: str, rows: Sequence[tuple[str, Sequence[Interval | None]]]) -> str:
    """Draw a row of dots with whiskers for each measure, one for each system, from 0 to 100%.

    Args:
        label: what the chart shows, for those who cannot see it.
        rows: the name of a measure, and what each system has of it, in the systems' order.
    """
    parts: list[str] = []
    top = _TOP + 14
    for name, values in rows:
        parts.append(f'<text class="row" x="{_LEFT}" y="{top}">{escape(name)}</text>')
        for series, found in enumerate(values):
            if found is None:
                continue
            y = top + 12 + 12 * series
            low, mid, high = (_x(value) for value in (found.low, found.value, found.high))
            title = f"{100 * found.value:.1f}% ({100 * found.low:.1f}–{100 * found.high:.1f})"
            parts.append(
                f'<g class="s{series % 6}"><title>{escape(name)}: {title}</title>'
                f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'
                f"{_mark(series, mid, y)}</g>"
            )
        top += 30 + 12 * len(values)
    bottom = top - 16
    return _svg(label, bottom + 20, _grid(bottom, _share_ticks()) + "".join(parts))


def line_chart(
    label: str,
    lines: Sequence[Line],
    x_ticks: Sequence[tuple[float, str]],
    x_title: str,
    *,
    height: int = 220,
) -> str:
    """Draw lines over x and y from 0 to 1.

    Args:
        label: what the chart shows, for those who cannot see it.
        lines: the series, in the systems' order; a series without points keeps its colour.
        x_ticks: positions in [0, 1] and what stands below them.
        x_title: what x is.
        height: of the plot, in units.
    """
    bottom = _TOP + height
    parts = []
    for series, line in enumerate(lines):
        places = [(_x(x), bottom - y * height) for x, y in line.points]
        if not places:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dash = _DASHES[series % 6]
        marks = "".join(_mark(series, x, y) for x, y in places) if len(places) <= 12 else ""
        parts.append(
            f'<g class="s{series % 6}"><title>{escape(line.name)}</title>'
            f'<polyline points="{path}" stroke-dasharray="{dash}"/>{marks}</g>'
        )
    rows = "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{bottom - share * height:.1f}" '
        f'y2="{bottom - share * height:.1f}"/>'
        f'<text class="tick" x="{_LEFT - 5}" y="{bottom - share * height + 4:.1f}" text-anchor="end">'
        f"{100 * share:.0f}</text>"
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    middle = _LEFT + _PLOT / 2
    title = f'<text class="tick" x="{middle}" y="{bottom + 32}" text-anchor="middle">{escape(x_title)}</text>'
    return _svg(label, bottom + 38, rows + _grid(bottom, x_ticks, lines=False) + "".join(parts) + title)


def swatch(series: int) -> str:
    """Draw the sign of a series for a legend."""
    line = f'<line x1="1" x2="27" y1="6" y2="6" stroke-dasharray="{_DASHES[series % 6]}"/>'
    sign = f'<g class="s{series % 6}">{line}{_mark(series, 14, 6)}</g>'
    return f'<svg class="swatch" viewBox="0 0 28 12" aria-hidden="true">{sign}</svg>'


def _x(share: float) -> float:
    return _LEFT + share * _PLOT


def _share_ticks() -> list[tuple[float, str]]:
    return [(share / 100, f"{share}%") for share in (0, 25, 50, 75, 100)]


def _grid(bottom: float, ticks: Sequence[tuple[float, str]], *, lines: bool = True) -> str:
    drawn = []
    for share, text in ticks:
        x = _x(share)
        if lines:
            drawn.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>')
        anchor = "end" if share > 0.97 else "middle"
        drawn.append(
            f'<text class="tick" x="{x:.1f}" y="{bottom + 15}" text-anchor="{anchor}">{escape(text)}</text>'
        )
    return "".join(drawn)


def _mark(series: int, x: float, y: float) -> str:
    """Draw a dot, square, diamond or triangle: colours are not all that tells systems apart."""
    shape = series % 4
    if shape == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    if shape == 1:
        return f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"/>'
    if shape == 2:
        return f'<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z"/>'
    return f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'


def _svg(label: str, height: float, content: str) -> str:
    box = f"0 0 {WIDTH} {height:.0f}"
    return f'<svg viewBox="{box}" role="img" aria-label="{escape(label, quote=True)}">{content}</svg>'
