"""A reader held against quotes, and `data/readers/CURRENT` moved if it wins."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from rag_ft.cli.evaluation_printing import asking_progress
from rag_ft.errors import ModelUnavailableError, RagFtError, UsageError
from rag_ft.evaluation.promoting import Contest, development_questions, hold_contest, shipped_questions
from rag_ft.evaluation.report import write_report
from rag_ft.pipeline import open_index
from rag_ft.places import CURRENT_READER
from rag_ft.reader_manifest import ReaderManifest
from rag_ft.retrieval.passage_index import PassageIndex

# Below the reader's folder: the report of the evaluation.
REPORT = Path("run") / "against-quotes"


@dataclass(frozen=True, slots=True)
class Promotion:
    """Whether a reader answers `ragft ask` from now on, and why; `contest` is None where none was held."""

    reader: Path
    promoted: bool
    reason: str
    contest: Contest | None = None


def promote(reader: Path, index: Path, questions: Path | None) -> Promotion:
    """Hold a reader against quotes on development questions; if it wins, `ragft ask` takes it.

    Args:
        reader: A finished reader folder.
        index: The index that both search.
        questions: A question file; without it the shipped set that the index can answer.

    Raises:
        IndexNotFoundError: there is no index.
        ModelUnavailableError: the folder is no grounded reader.
        PathNotFoundError, DataFormatError: the question file cannot be read.
        UsageError: there is no development question.
    """
    manifest = ReaderManifest.load(reader)
    if manifest.task != "reader" or manifest.prompt != "grounded":
        kind = "base" if manifest.task == "adapt" else "closed-book reader"
        raise ModelUnavailableError(f"{reader}: a {kind}, which `ragft ask` cannot cite passages by")
    opened = open_index(index)
    rows = development_questions(questions or _fitting(opened))
    with asking_progress() as on_progress:
        contest, evaluation = hold_contest(reader, rows, index, on_progress=on_progress)
    write_report(evaluation, reader / REPORT)
    if contest.won:
        _move_current(reader)
    return Promotion(reader, contest.won, contest.reason, contest)


def try_to_promote(reader: Path, index: Path, questions: Path | None) -> Promotion:
    """Promote a reader if it wins; what hinders the contest is the reason, never an error."""
    try:
        return promote(reader, index, questions)
    except ModelUnavailableError as error:
        return Promotion(reader, False, f"Not held against quotes: {error}")
    except RagFtError as error:
        later = f"`ragft promote {reader}` does it later"
        return Promotion(reader, False, f"Not held against quotes: {error} ({later})")


def print_promotion(promotion: Promotion) -> None:
    """Say in a line or two whether `ragft ask` takes the reader, and why."""
    console = Console()
    if promotion.contest is not None:
        asked = f"Against quotes on {promotion.contest.questions} development questions: "
        console.print(Text(asked + promotion.reason), soft_wrap=True)
        console.print(Text(f"Report: {promotion.reader / REPORT / 'report.md'}"), soft_wrap=True)
    else:
        console.print(Text(promotion.reason), soft_wrap=True)
    outcome = f"Promoted: {CURRENT_READER} names {promotion.reader}" if promotion.promoted else _unmoved()
    console.print(Text(outcome), soft_wrap=True)


def _unmoved() -> str:
    if CURRENT_READER.is_file():
        named = CURRENT_READER.read_text(encoding="utf-8").strip()
        return f"Not promoted: {CURRENT_READER} still names {named}"
    return "Not promoted: `ragft ask` goes on with quotes"


def _fitting(index: PassageIndex) -> Path:
    found = shipped_questions(index)
    if found is None:
        raise UsageError(
            "the index lacks documents of every shipped question set: name your own (--questions FILE)"
        )
    return found


def _move_current(reader: Path) -> None:
    CURRENT_READER.parent.mkdir(parents=True, exist_ok=True)
    partial = CURRENT_READER.with_name(CURRENT_READER.name + ".partial")
    partial.write_text(f"{reader}\n", encoding="utf-8")
    partial.replace(CURRENT_READER)
