"""The report as one HTML file: no script, no network, colours by the reader's own light or dark."""

from importlib.resources import files

from rag_ft.evaluation.measures import BY_NAME
from rag_ft.evaluation.report.charts import Interval, Line, interval_chart, line_chart, swatch
from rag_ft.evaluation.report.outcomes import outcome_groups
from rag_ft.evaluation.report.summary import summary
from rag_ft.evaluation.report.tables import (
    definition_table,
    difference_table,
    group_tables,
    headline_table,
    machine_table,
    settings_table,
    style_table,
    systems_that_ran,
)
from rag_ft.evaluation.results import Evaluation, SystemResult
from rag_ft.schema import ABSTENTION_REASONS

_RATES = (
    "coverage",
    "right",
    "gold_paragraph_cited",
    "citation_precision",
    "abstention_recall",
    "risk",
    "misleading",
    "hallucinated_institution",
    "wrong_figure",
)
_DEPTHS = (1, 5, 10, 20)


def html_report(evaluation: Evaluation) -> str:
    """Return the whole report as HTML; every text is escaped, for documents are data."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    folder = files("rag_ft.evaluation.report")
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    ran = systems_that_ran(evaluation)
    return template.render(
        evaluation=evaluation,
        sentences=summary(evaluation),
        style=Markup((folder / "report.css").read_text(encoding="utf-8")),  # noqa: S704  our own file
        headline=headline_table(evaluation),
        tables=[*group_tables(evaluation), difference_table(evaluation), style_table(evaluation)],
        settings=[settings_table(evaluation), machine_table(evaluation), definition_table(evaluation)],
        # The charts escape what they are given.
        charts=[(title, note, Markup(chart)) for title, note, chart in _charts(ran)],  # noqa: S704
        legend=[(Markup(swatch(n)), system.name) for n, system in enumerate(ran)],  # noqa: S704
        groups=outcome_groups(evaluation),
        reasons=ABSTENTION_REASONS,
    )


def _charts(ran: list[SystemResult]) -> list[tuple[str, str, str]]:
    charts = [_rates(ran), _risk_coverage(ran), _recall(ran)]
    return [chart for chart in charts if chart is not None]


def _rates(ran: list[SystemResult]) -> tuple[str, str, str] | None:
    rows = [
        (BY_NAME[name].title + (" (lower is better)" if BY_NAME[name].better == "lower" else ""), values)
        for name in _RATES
        if any(values := [_interval(system, name) for system in ran])
    ]
    if not rows:
        return None
    return (
        "Rates by system",
        "Whiskers are 95% intervals. Which questions a rate is over stands under What the measures count.",
        interval_chart("Rates by system with 95% intervals", rows),
    )


def _interval(system: SystemResult, name: str) -> Interval | None:
    found = system.measures.get(name)
    return Interval(found.value, found.low, found.high) if found else None


def _risk_coverage(ran: list[SystemResult]) -> tuple[str, str, str] | None:
    if not any(system.curve for system in ran):
        return None
    lines = [
        Line(system.name, tuple((p.coverage, p.risk) for p in system.curve.points) if system.curve else ())
        for system in ran
    ]
    areas = "; ".join(f"{system.name} {system.curve.area:.3f}" for system in ran if system.curve)
    missing = [system.name for system in ran if not system.curve]
    absent = f" No curve: {', '.join(missing)} (no confidence, or no answer)." if missing else ""
    ticks = [(share / 100, f"{share}") for share in (0, 25, 50, 75, 100)]
    return (
        "Risk and coverage",
        f"Share of answers that are wrong (%), the surest first. Area under the curve: {areas}.{absent}",
        line_chart(
            "Share of wrong answers by share of questions answered", lines, ticks, "answered, % of questions"
        ),
    )


def _recall(ran: list[SystemResult]) -> tuple[str, str, str] | None:
    if not any(f"R@{_DEPTHS[0]}" in system.measures for system in ran):
        return None
    places = [step / (len(_DEPTHS) - 1) for step in range(len(_DEPTHS))]
    lines = [
        Line(
            system.name,
            tuple(
                (place, system.measures[f"R@{depth}"].value)
                for place, depth in zip(places, _DEPTHS, strict=True)
                if f"R@{depth}" in system.measures
            ),
        )
        for system in ran
    ]
    ticks = [(place, str(depth)) for place, depth in zip(places, _DEPTHS, strict=True)]
    return (
        "Recall by depth",
        f"Share of gold paragraphs among the first k found (%).{_hidden(lines)}",
        line_chart("Recall of gold paragraphs by depth of the search", lines, ticks, "k, paragraphs found"),
    )


def _hidden(lines: list[Line]) -> str:
    """Say which lines are the same, for only the last of them can be seen."""
    names: dict[tuple[tuple[float, float], ...], list[str]] = {}
    for line in lines:
        names.setdefault(line.points, []).append(line.name)
    same = [", ".join(each) for points, each in names.items() if points and len(each) > 1]
    return f" One line for what found the same: {'; '.join(same)}." if same else ""
