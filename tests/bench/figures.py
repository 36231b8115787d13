# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A figure, the floor it is held against, and the bound; and the table that they make."""

import dataclasses
import json


@dataclasses.dataclass
class Figure:
    row: str                 # which group it belongs to, as it is asked for on the command line
    name: str
    value: float
    unit: str = ""
    floor: float = None      # the same thing of the least that could do it, in this run
    most: float = None       # bounds: of the value …
    most_ratio: float = None  # … and of value / floor
    least_ratio: float = None

    @property
    def ratio(self):
        return self.value / self.floor if self.floor else None

    @property
    def bound(self):
        bounds = []
        if self.most is not None:
            bounds.append(f"≤ {number(self.most)} {self.unit}".rstrip())
        if self.most_ratio is not None:
            bounds.append(f"ratio ≤ {number(self.most_ratio)}")
        if self.least_ratio is not None:
            bounds.append(f"ratio ≥ {number(self.least_ratio)}")
        return ", ".join(bounds)

    @property
    def ok(self):
        """None for a figure that is only stated."""
        if not self.bound:
            return None
        return ((self.most is None or self.value <= self.most)
                and (self.most_ratio is None or self.ratio <= self.most_ratio)
                and (self.least_ratio is None or self.ratio >= self.least_ratio))

    def as_dict(self):
        return {"row": self.row, "name": self.name, "value": self.value, "unit": self.unit, "floor": self.floor,
                "ratio": self.ratio, "bound": self.bound or None, "ok": self.ok}

    def cells(self):
        return [self.row, self.name, f"{number(self.value)} {self.unit}".rstrip(),
                "" if self.floor is None else number(self.floor),
                "" if self.ratio is None else f"{self.ratio:.2f}",
                self.bound, {True: "ok", False: "OVER", None: "stated"}[self.ok]]


HEADINGS = ["row", "figure", "value", "floor", "ratio", "bound", ""]


def number(value):
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}".rstrip("0").rstrip(".")


def print_table(figures):
    rows = [HEADINGS] + [figure.cells() for figure in figures]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    for row in rows:
        cells = [cell.rjust(width) if i in (2, 3, 4) else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())


def print_json(figures):
    print(json.dumps([figure.as_dict() for figure in figures], indent=2))
