"""The picture of a run: loss and development scores by step, as PNG."""

from collections.abc import Mapping, Sequence
from pathlib import Path


def draw_curve(history: Sequence[Mapping[str, float]], path: Path, title: str) -> None:
    """Draw training and development loss, and the scores where there are any."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = {key for entry in history for key in entry if key.startswith("eval_")}
    scores = sorted(shown - {"eval_loss", "eval_selection"})
    figure = Figure(figsize=(9, 3.6) if scores else (5, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 2 if scores else 1, squeeze=False)[0]
    for key, label in (("loss", "training"), ("eval_loss", "development")):
        steps, values = _series(history, key)
        if steps:
            panels[0].plot(steps, values, label=label, marker="o" if len(steps) < 30 else None, markersize=3)
    panels[0].set(xlabel="step", ylabel="cross-entropy a token", title=title)
    panels[0].legend()
    for key in scores:
        steps, values = _series(history, key)
        panels[1].plot(steps, values, label=key.removeprefix("eval_"), marker="o", markersize=3)
    if scores:
        panels[1].set(xlabel="step", ylim=(0, 1.02), title="development, generated")
        panels[1].legend()
    figure.savefig(path, dpi=130)


def _series(history: Sequence[Mapping[str, float]], key: str) -> tuple[list[float], list[float]]:
    found = [(entry["step"], entry[key]) for entry in history if key in entry]
    return [step for step, _ in found], [value for _, value in found]
