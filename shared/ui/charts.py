"""The geometry of charts; templates draw it. A length stands in an attribute: a strict CSP has no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480.0, 220.0
AXIS, FOOT, HEAD = 40.0, 26.0, 10.0
GAP = 0.28
"""How much of a group's width stays empty."""


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart or funnel: its length is a share of the longest, in hundredths."""

    label: str
    value: float
    length: float
    share: float
    """Of the first row, in hundredths: what a funnel tells."""


@dataclass(frozen=True)
class Column:
    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Group:
    label: str
    middle: float
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Line:
    value: float
    y: float


@dataclass(frozen=True)
class Columns:
    """A chart of grouped columns inside `WIDTH` × `HEIGHT`."""

    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    start: float
    end: float
    axis: float
    """Where the axis' numbers stand."""


def bars(rows: Sequence[tuple[str, float]]) -> list[Bar]:
    most = max((value for _, value in rows), default=0) or 1
    first = rows[0][1] if rows and rows[0][1] else 1
    return [
        Bar(label, value, length=round(100 * value / most, 2), share=round(100 * value / first))
        for label, value in rows
    ]


def columns(rows: Sequence[tuple[str, Sequence[float]]], *, rtl: bool) -> Columns:
    """Groups of columns, the first where reading begins."""
    top = ceiling(max((value for _, values in rows for value in values), default=0))
    width, height = WIDTH - AXIS, HEIGHT - FOOT - HEAD
    start, end = (0.0, width) if rtl else (AXIS, WIDTH)
    step = width / max(len(rows), 1)
    groups = []
    for place, (label, values) in enumerate(rows):
        left = start + (len(rows) - 1 - place if rtl else place) * step
        each = step * (1 - GAP) / max(len(values), 1)
        drawn = tuple(
            Column(
                series=series,
                x=round(left + step * GAP / 2 + (len(values) - 1 - series if rtl else series) * each, 1),
                y=round(HEAD + height * (1 - value / top), 1),
                width=round(max(each - 2, 1), 1),
                height=round(height * value / top, 1),
            )
            for series, value in enumerate(values)
        )
        groups.append(Group(label, round(left + step / 2, 1), drawn))
    lines = tuple(Line(top * part / 4, round(HEAD + height * (1 - part / 4), 1)) for part in range(5))
    return Columns(tuple(groups), lines, start, end, axis=WIDTH - AXIS + 8 if rtl else AXIS - 8)


def ceiling(most: float) -> float:
    """The next number above `most` that four lines divide into round parts."""
    unit = 4.0
    while unit * 10 < most:
        unit *= 10
    return next((unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= most), unit * 10)
