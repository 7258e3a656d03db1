"""The tables of a report, as text cells: HTML, Markdown and the terminal show the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag_ft.evaluation.comparing import table as stacked
from rag_ft.evaluation.measures import BY_NAME, MEASURES, Group, Measure
from rag_ft.evaluation.results import Comparison, Estimate, Evaluation, RowResult, SystemResult
from rag_ft.evaluation.statistics import ratio

# What a reader who reads one table should read.
HEADLINES = (
    "coverage",
    "right",
    "risk",
    "misleading",
    "hallucinated_institution",
    "wrong_figure",
    "gold_paragraph_cited",
    "abstention_recall",
    "latency_p50",
    "Success@5",
    "R@10",
    "AP@10",
)
GROUP_TITLES: dict[Group, str] = {
    "abstention": "Coverage and abstention",
    "answers": "Answers",
    "citations": "Citations",
    "trust": "Trust (lower is better)",
    "retrieval": "Retrieval",
    "benchmark": "As the set's paper reports",
    "latency": "Latency",
}
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def systems_that_ran(evaluation: Evaluation) -> list[SystemResult]:
    """Return the systems that have results, in the order given."""
    return [system for system in evaluation.systems if system.status == "ran"]


def shown_estimate(measure: Measure, estimate: Estimate | None) -> str:
    """Write an estimate as value, 95% interval and the number of questions it is over."""
    if estimate is None:
        return "–"
    over = f"n {estimate.questions}"
    if measure.unit == "seconds":
        return f"{estimate.value:.3f} s ({estimate.low:.3f}–{estimate.high:.3f}), {over}"
    if measure.unit == "characters":
        return f"{estimate.value:.0f} characters ({estimate.low:.0f}–{estimate.high:.0f}), {over}"
    if measure.group == "retrieval":
        return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f}), {over}"
    return f"{100 * estimate.value:.1f}% ({100 * estimate.low:.1f}–{100 * estimate.high:.1f}), {over}"


def headline_table(evaluation: Evaluation) -> Table:
    """Return the few measures that decide, system by system."""
    wanted = [BY_NAME[name] for name in HEADLINES]
    return _measure_table(evaluation, "At a glance", wanted)


def group_tables(evaluation: Evaluation) -> list[Table]:
    """Return a table for each group that something was measured of."""
    tables = [
        _measure_table(evaluation, title, [m for m in MEASURES if m.group == group])
        for group, title in GROUP_TITLES.items()
    ]
    return [table for table in tables if table.rows]


def difference_table(evaluation: Evaluation) -> Table:
    """Return the differences between systems that are beyond chance after Holm's correction."""
    rows = [
        (
            BY_NAME[each.measure].title,
            each.first,
            each.second,
            _shown_difference(BY_NAME[each.measure], each),
            each.second
            if (each.difference > 0) == (BY_NAME[each.measure].better == "higher")
            else each.first,
            _p(each.p_bootstrap),
            "–" if each.p_mcnemar is None else _p(each.p_mcnemar),
            _p(each.p_adjusted),
        )
        for each in evaluation.comparisons
        if each.p_adjusted < _SIGNIFICANT
    ]
    columns = (
        "measure",
        "first",
        "second",
        "second less first",
        "better",
        "p, bootstrap",
        "p, McNemar",
        "p, adjusted",
    )
    return Table("Differences beyond chance", columns, tuple(rows))


def style_table(evaluation: Evaluation) -> Table:
    """Return what was right and rightly refused, apart for each style of question."""
    styles = sorted({row.style for row in evaluation.questions.rows if row.style})
    ran = systems_that_ran(evaluation)
    measures = ("right", "abstention_recall", "hallucinated_institution", "Success@5")
    rows = []
    for style in styles:
        ids = {row.id for row in evaluation.questions.rows if row.style == style}
        for name in measures:
            values = [_plain_share([row for row in system.rows if row.id in ids], name) for system in ran]
            if any(value is not None for value in values):
                shown = ("–" if value is None else value for value in values)
                rows.append((f"{style}: {BY_NAME[name].title}", *shown))
    return Table("By whose words", ("", *(system.name for system in ran)), tuple(rows))


def settings_table(evaluation: Evaluation) -> Table:
    """Return what each system was, and why one did not run."""
    rows = tuple(
        (
            system.name,
            system.kind,
            ", ".join(f"{key} {value}" for key, value in system.settings.items()) or "–",
            "ran" if system.status == "ran" else f"not run: {system.reason}",
        )
        for system in evaluation.systems
    )
    return Table("Systems", ("system", "kind", "settings", "status"), rows)


def machine_table(evaluation: Evaluation) -> Table:
    """Return where and with what the run was made."""
    machine, questions = evaluation.machine, evaluation.questions
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    judge = {"gold": "gold paragraphs, else containment"}.get(
        evaluation.citation_judge, evaluation.citation_judge
    )
    rows = (
        ("run", evaluation.created),
        ("questions", f"{questions.source}{f', split {questions.split}' if questions.split else ''}"),
        ("their SHA-256", questions.sha256 or "–"),
        ("machine", f"{machine.device}, {machine.processors} processors, {machine.platform}"),
        ("Python", machine.python),
        ("versions", versions),
        ("citations judged by", judge),
        ("intervals", f"95%, {evaluation.resamples:,} draws of the questions, seed {evaluation.seed}"),
    )
    return Table("What was run where", ("", ""), rows)


def definition_table(evaluation: Evaluation) -> Table:
    """Return what each measure that was taken counts."""
    taken = {name for system in evaluation.systems for name in system.measures}
    rows = tuple(
        (measure.title, measure.says, f"{measure.better} is better")
        for measure in MEASURES
        if measure.name in taken
    )
    return Table("What the measures count", ("measure", "counts", ""), rows)


def _measure_table(evaluation: Evaluation, title: str, measures: Sequence[Measure]) -> Table:
    ran = systems_that_ran(evaluation)
    rows = tuple(
        (measure.title, *(shown_estimate(measure, system.measures.get(measure.name)) for system in ran))
        for measure in measures
        if any(measure.name in system.measures for system in ran)
    )
    return Table(title, ("", *(system.name for system in ran)), rows)


def _shown_difference(measure: Measure, found: Comparison) -> str:
    """Write a difference in the unit that the measure itself is written in; shares in points."""
    values = (found.difference, found.low, found.high)
    if measure.unit == "characters":
        value, low, high = (f"{each:+.0f}" for each in values)
    elif measure.group == "retrieval":
        value, low, high = (f"{each:+.3f}" for each in values)
    else:
        value, low, high = (f"{100 * each:+.1f}" for each in values)
        value += " points"
    return f"{value} ({low} to {high})".replace("-", "\N{MINUS SIGN}")


def _plain_share(rows: Sequence[RowResult], measure: str) -> str | None:
    tallies = stacked([row.tallies.get(measure) for row in rows])
    value = ratio(tallies)
    return None if value is None else f"{100 * value:.1f}%, n {int((tallies[:, 1] > 0).sum())}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
