"""
Carry matplotlib's figures and axes: what is drawn, described in plain data and drawn again.

The examiner's chart is a real one of the examiner's own matplotlib, so `ax.get_title()`,
`ax.lines[0].get_ydata()` or `ax.patches` answer as in one process. Kinds of artists that are not
listed here (images, polar and 3D axes) do not come along.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from grader.marking.carriers import Carrier, Remote
from grader.marking.wire import Refused

_AXES = ("xlabel", "ylabel", "xscale", "yscale", "label", "gid", "url", "facecolor", "visible")
_LINE = (
    "color", "label", "linestyle", "linewidth", "marker", "markersize", "alpha", "visible", "gid",
)  # fmt: skip
_BAR = (
    "xy", "width", "height", "facecolor", "edgecolor", "hatch", "linewidth", "label", "alpha",
    "visible", "gid",
)  # fmt: skip
_TEXT = ("text", "position", "color", "rotation", "ha", "va", "fontsize", "fontweight", "visible")
_POINTS = ("offsets", "sizes", "facecolor", "edgecolor", "label", "alpha", "visible", "gid")
_FIGURE = ("label", "gid", "facecolor")
_MINE = "_made_from_data"


def _is_chart(value: object) -> bool:
    """Tell whether *value* is a figure or plain axes of matplotlib's own class."""
    kind = type(value)
    if not kind.__module__.startswith("matplotlib."):
        return False
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    return kind in (Axes, Figure)


def _described(value: Any) -> dict[str, Any]:
    """Describe what is drawn."""
    if hasattr(value, "add_axes"):
        inches = [float(side) for side in value.get_size_inches()]
        title = value.get_suptitle()
        axes = [_axes_drawn(axes) for axes in value.axes if _is_chart(axes)]
        return {"inches": inches, "title": title, "axes": axes, **_said(value, _FIGURE)}
    figure = value.get_figure()
    known = [axes for axes in figure.axes if _is_chart(axes)]
    return {"figure": figure, "number": known.index(value), "drawn": _axes_drawn(value)}


def _empty(data: dict[str, Any]) -> Any:
    """Make an empty figure, or find the axes of the figure that came with them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if "figure" in data:
        found = data["figure"].axes[data["number"]]
    else:
        found = Figure(figsize=tuple(data["inches"]))
        FigureCanvasAgg(found)
    setattr(found, _MINE, True)
    return found


def _filled(value: Any, data: dict[str, Any], remote: Remote) -> None:
    """Draw *data*; a chart of the check's own stays its own."""
    if hasattr(value, _MINE):
        vars(value)["_far"] = remote("get_label")
    if "drawn" in data:
        _draw(value, data["drawn"])
        return
    if data["title"]:
        value.suptitle(str(data["title"]))
    value.set(**{name: data[name] for name in _FIGURE})
    while len(value.axes) < len(data["axes"]):
        value.add_axes((0.1, 0.1, 0.8, 0.8))
    for axes, drawn in zip(value.axes, data["axes"], strict=True):
        _draw(axes, drawn)


def _said(artist: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(artist, f"get_{name}")()) for name in names}


def _plain(value: Any) -> Any:
    return np.ma.getdata(value) if isinstance(value, np.ma.MaskedArray) else value


def _axes_drawn(axes: Any) -> dict[str, Any]:
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer
    from matplotlib.patches import Rectangle

    bars = [patch for patch in axes.patches if type(patch) is Rectangle]
    legend = axes.get_legend()
    return {
        **_said(axes, _AXES),
        "titles": [axes.get_title(loc=place) for place in ("left", "center", "right")],
        "place": [float(side) for side in axes.get_position().bounds],
        "lines": [_line_drawn(line) for line in axes.lines],
        "bars": [_said(bar, _BAR) for bar in bars],
        "points": [_said(p, _POINTS) for p in axes.collections if type(p) is PathCollection],
        "groups": [
            [
                [bars.index(bar) for bar in group if bar in bars],
                group.orientation,
                group.get_label(),
            ]
            for group in axes.containers
            if type(group) is BarContainer
        ],
        "texts": [
            [_said(text, _TEXT), text.get_transform() is axes.transAxes] for text in axes.texts
        ],
        "legend": None if legend is None else _legend_drawn(legend),
        "ticks": [_ticks_drawn(axes, which) for which in "xy"],
        "limits": [[float(end) for end in ends] for ends in (axes.get_xlim(), axes.get_ylim())],
        "spines": {str(name): bool(spine.get_visible()) for name, spine in axes.spines.items()},
    }


def _line_drawn(line: Any) -> dict[str, Any]:
    data = [np.asarray(line.get_xdata()), np.asarray(line.get_ydata())]
    return {"data": data, **_said(line, _LINE)}


def _legend_drawn(legend: Any) -> list[Any]:
    return [[text.get_text() for text in legend.get_texts()], legend.get_title().get_text()]


def _ticks_drawn(axes: Any, which: str) -> list[Any]:
    labels = getattr(axes, f"get_{which}ticklabels")()
    places = [float(place) for place in getattr(axes, f"get_{which}ticks")()]
    rotation = float(labels[0].get_rotation()) if labels else 0.0
    return [places, [label.get_text() for label in labels], rotation]


def _draw(axes: Any, drawn: dict[str, Any]) -> None:
    from matplotlib.container import BarContainer
    from matplotlib.patches import Rectangle

    axes.clear()
    axes.set_position(drawn["place"])
    axes.set(**{name: drawn[name] for name in _AXES})
    for place, title in zip(("left", "center", "right"), drawn["titles"], strict=True):
        axes.set_title(title, loc=place)
    for line in drawn["lines"]:
        axes.plot(*line["data"], **{name: line[name] for name in _LINE})
    bars = [Rectangle(bar["xy"], bar["width"], bar["height"]) for bar in drawn["bars"]]
    for bar, said in zip(bars, drawn["bars"], strict=True):
        axes.add_patch(bar)
        bar.set(**{name: said[name] for name in _BAR})
    for members, orientation, label in drawn["groups"]:
        group = BarContainer([bars[n] for n in members], orientation=orientation, label=label)
        axes.add_container(group)
    for points in drawn["points"]:
        offsets = np.asarray(points["offsets"], dtype=float)
        axes.scatter(offsets[:, 0], offsets[:, 1]).set(**{name: points[name] for name in _POINTS})
    for said, by_axes in drawn["texts"]:
        where = {"transform": axes.transAxes} if by_axes is True else {}
        axes.text(0, 0, "", **where).set(**{name: said[name] for name in _TEXT})
    _draw_frame(axes, drawn)


def _draw_frame(axes: Any, drawn: dict[str, Any]) -> None:
    from matplotlib.lines import Line2D

    for which, (places, labels, rotation) in zip("xy", drawn["ticks"], strict=True):
        named = any(labels) and len(labels) == len(places)
        getattr(axes, f"set_{which}ticks")(places, labels if named else None)
        axes.tick_params(axis=which, labelrotation=rotation)
    axes.set_xlim(*drawn["limits"][0])
    axes.set_ylim(*drawn["limits"][1])
    for name, is_visible in drawn["spines"].items():
        if name not in axes.spines:
            raise Refused("there is no such edge")
        axes.spines[name].set_visible(is_visible)
    if drawn["legend"] is not None:
        labels, title = drawn["legend"]
        handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
        shown = [handles.get(label) or Line2D([], []) for label in labels]
        axes.legend(shown, labels, title=title or None)


MATPLOTLIB = Carrier("matplotlib", _is_chart, _described, _empty, _filled, follows=False)
