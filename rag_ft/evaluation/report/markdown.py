"""The report as Markdown: tables, and which questions each system won and lost."""

from rag_ft.evaluation.report.outcomes import outcome_groups
from rag_ft.evaluation.report.summary import summary
from rag_ft.evaluation.report.tables import (
    Table,
    definition_table,
    difference_table,
    group_tables,
    headline_table,
    machine_table,
    settings_table,
    style_table,
)
from rag_ft.evaluation.results import Evaluation


def markdown_report(evaluation: Evaluation) -> str:
    """Return the whole report as Markdown; texts of questions and answers are escaped."""
    tables = [
        headline_table(evaluation),
        *group_tables(evaluation),
        difference_table(evaluation),
        style_table(evaluation),
        settings_table(evaluation),
        machine_table(evaluation),
        definition_table(evaluation),
    ]
    asked, *sentences = summary(evaluation)
    parts = [f"# {_plain(evaluation.title)}", asked, "\n".join(f"- {_plain(text)}" for text in sentences)]
    parts += [_table(table) for table in tables if table.rows]
    parts.append("## Questions")
    for group in outcome_groups(evaluation):
        ids = ", ".join(_plain(each.question.id) for each in group.questions)
        parts.append(f"**{_plain(group.title)}** ({len(group.questions)}): {ids}")
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    lines = [f"## {_plain(table.title)}", "", _row(table.columns), _row(("---",) * len(table.columns))]
    return "\n".join([*lines, *(_row(row) for row in table.rows)])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Put a text on one line and keep it from being read as markup."""
    folded = " ".join(text.split())
    for sign in "\\`*_[]<>|":
        folded = folded.replace(sign, f"\\{sign}")
    return folded
