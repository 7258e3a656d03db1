"""A file of questions into a file of answers, one JSON line each, taken up again where it stopped."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag_ft.errors import DataFormatError
from rag_ft.pipeline.asking import Pipeline
from rag_ft.pipeline.questions import check_question
from rag_ft.plain_json import answer_row
from rag_ft.question_rows import load_questions
from rag_ft.schema import Question

# Questions asked together; answers are written after each batch.
BATCH = 16
# What a row of an answer begins with.
_START = b'{"id": '

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a run over a file did: `kept` answers were there already."""

    questions: int
    kept: int
    answered: int
    abstained: int


def read_questions(path: Path) -> list[Question]:
    """Read questions: a text file with one a line, or rows as JSON lines or CSV.

    Raises:
        PathNotFoundError: there is no such file.
        DataFormatError: a row cannot be read, or there is none.
        QuestionError: a question is empty or too long.
    """
    is_text = path.suffix.casefold() in {"", ".txt", ".text"} and path.is_file()
    rows = questions_of(_text_of(path), str(path)) if is_text else load_questions(path)
    for row in rows:
        check_question(row.question)
    return rows


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DataFormatError(f"{path}: not UTF-8 text; save the questions as UTF-8") from None


def questions_of(text: str, where: str) -> list[Question]:
    """Make questions of text, one a line; an id is the line's number.

    Raises:
        DataFormatError: there is no line with words.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    rows = [Question(line, id=str(number)) for number, line in lines if line]
    if not rows:
        raise DataFormatError(f"{where}: holds no question; write one a line")
    return rows


def ask_file(
    pipeline: Pipeline,
    questions: Sequence[Question],
    output: Path,
    *,
    k: int = 5,
    as_of: date | None = None,
    progress: Progress = lambda _done, _total: None,
) -> BatchReport:
    """Answer questions into a JSON-lines file; those that it answers already are not asked again.

    A row is the question's `id` and the Answer. A last line cut off by a crash is dropped
    and its question asked anew, as is one whose words, date or index have changed.

    Raises:
        DataFormatError: the output file holds something else than answers.
    """
    done = _answered(output, pipeline.index.generation)
    wanted = [_key(each, as_of) for each in questions]
    open_ = [each for each, key in zip(questions, wanted, strict=True) if key not in done]
    kept = len(questions) - len(open_)
    answered = abstained = 0
    with output.open("a", encoding="utf-8") as stream:
        for start in range(0, len(open_), BATCH):
            batch = [
                Question(each.question, id=each.id, as_of=each.as_of or as_of)
                for each in open_[start : start + BATCH]
            ]
            for question, answer in zip(batch, pipeline.ask_many(batch, k), strict=True):
                stream.write(json.dumps(answer_row(question, answer), ensure_ascii=False) + "\n")
                abstained += answer.abstained
                answered += not answer.abstained
            stream.flush()
            progress(kept + answered + abstained, len(questions))
    return BatchReport(len(questions), kept, answered, abstained)


def _key(question: Question, as_of: date | None) -> tuple[str, str, str]:
    day = question.as_of or as_of
    return question.id, " ".join(question.question.split()), day.isoformat() if day else ""


def _answered(output: Path, generation: str) -> set[tuple[str, str, str]]:
    """Give what a file answers already from this generation; drop a last line that was cut off."""
    if not output.is_file():
        output.parent.mkdir(parents=True, exist_ok=True)
        return set()
    content = output.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    done = {
        key for key, made_from in _rows(whole.decode("utf-8", "replace"), output) if made_from == generation
    }
    cut = content[len(whole) :]
    if cut:
        # A file of somebody else's, whose last line has no end, is not ours to shorten.
        if not (cut.startswith(_START) or _START.startswith(cut)):
            raise _no_answer(output, whole.count(b"\n") + 1)
        output.write_bytes(whole)
    return done


def _rows(text: str, output: Path) -> Iterator[tuple[tuple[str, str, str], str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            row = json.loads(line)
            yield (str(row["id"]), row["question"], row["as_of"] or ""), row["index_generation"]
        except (ValueError, TypeError, KeyError):
            raise _no_answer(output, number) from None


def _no_answer(output: Path, line: int) -> DataFormatError:
    return DataFormatError(f"{output}: line {line} is no answer of ragft; name another file with --output")
