"""Asking on the command line: one question, standard input, or a file of them."""

import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from rag_ft.cli.outputs import check_output
from rag_ft.cli.printing import print_answer, print_json
from rag_ft.cli.progress import bars
from rag_ft.errors import UsageError
from rag_ft.pipeline import Pipeline, check_question, open_pipeline
from rag_ft.pipeline.batch import BatchReport, ask_file, questions_of, read_questions
from rag_ft.pipeline.calibration import Threshold
from rag_ft.plain_json import answer_row
from rag_ft.schema import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks: a question, or a file of them and where the answers go."""

    question: str | None
    file: Path | None
    output: Path | None
    k: int
    as_of: date | None
    as_json: bool


def answer_questions(
    asked: Asked,
    index: Path,
    reader: str | None,
    risk: float,
    score: Path | None,
    institutions: Path | None,
) -> None:
    """Ask, and print or write the answers.

    Raises:
        UsageError: neither a question nor a file was given, or both, or the output cannot be written.
        QuestionError: a question is empty or too long.
    """
    # Before an index and its models are opened in vain.
    rows = _questions(asked)
    if asked.output is not None:
        check_output(asked.output)
    pipeline = open_pipeline(index, reader, risk=risk, score=score, institutions=institutions)
    if asked.output is not None:
        report = _write(pipeline, rows, asked, asked.output)
        Console(stderr=True).print(
            Text(
                f"{asked.output}: {report.questions} questions, {report.kept} answered before, "
                f"{report.answered} answered, {report.abstained} abstained; {pipeline.threshold.describe()}"
            ),
            soft_wrap=True,
        )
        return
    for row in rows:
        answer = pipeline.ask(row.question, k=asked.k, as_of=row.as_of or asked.as_of)
        if not asked.as_json:
            print_answer(answer, _promise(pipeline.threshold))
        elif len(rows) == 1 and asked.file is None:
            print_json(answer)
        else:
            asked_on = Question(row.question, id=row.id, as_of=row.as_of or asked.as_of)
            sys.stdout.write(json.dumps(answer_row(asked_on, answer), ensure_ascii=False) + "\n")


def _questions(asked: Asked) -> list[Question]:
    if (asked.question is None) == (asked.file is None):
        raise UsageError(
            'ask one thing: a question, as in ragft ask "What does MAS stand for?", or --file FILE'
        )
    if asked.file is not None and str(asked.file) != "-":
        return read_questions(asked.file)
    if asked.question == "-" or asked.file is not None:
        rows = questions_of(sys.stdin.read(), "standard input")
    else:
        rows = [Question(asked.question or "", id="1")]
    for row in rows:
        check_question(row.question)
    return rows


def _write(pipeline: Pipeline, rows: list[Question], asked: Asked, output: Path) -> BatchReport:
    with bars() as advance:
        advance("asking", 0, len(rows))
        return ask_file(
            pipeline,
            rows,
            output,
            k=asked.k,
            as_of=asked.as_of,
            progress=lambda done, total: advance("asking", done, total),
        )


def _promise(threshold: Threshold) -> str:
    """Say what confidence is answered from; a threshold that promises nothing has its own note."""
    return f"Answered from {threshold.value:.2f}: {threshold.describe()}" if threshold.is_promised else ""
