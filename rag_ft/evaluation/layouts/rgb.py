"""RGB (Chen et al. 2024, arXiv 2309.01431): noise, rejection, integration, counterfactual facts."""

import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag_ft.errors import DataFormatError, UsageError
from rag_ft.evaluation.benchmark import Benchmark, OwnMeasures, given_passage
from rag_ft.evaluation.layouts.reading import missing_key, read_json_lines
from rag_ft.evaluation.measures import Tally
from rag_ft.prompts import strip_marks
from rag_ft.schema import Answer, Gold, Passage, Question

# The paper's own settings: five passages, and the seed that its script shuffles them with.
PASSAGES = 5
_SEED = 2333
_REFUSAL = "insufficient information"

# Each part has to be said; where a part has several wordings, one of them.
_Parts = tuple[tuple[str, ...], ...]


def load_rgb(path: Path, noise: float = 0.0) -> Benchmark:
    """Load one of RGB's files with five passages a question.

    The file tells its kind: `positive` in groups is information integration, where one
    passage of each group comes first; with `positive_wrong` it is the counterfactual set,
    whose passages say the wrong thing; else noise robustness, and at `noise=1` negative
    rejection, where nothing given answers.

    Args:
        path: `en.json`, `en_int.json`, `en_fact.json` or another language's: JSON lines.
        noise: the share of passages that do not answer, 0 to 1.

    Raises:
        UsageError: `noise` is no share.
        PathNotFoundError: there is no such file.
        DataFormatError: it is not in RGB's layout.
    """
    if not 0 <= noise <= 1:
        raise UsageError(f"noise is {noise}: RGB's is a share from 0 to 1")
    questions: list[Question] = []
    given: dict[str, tuple[Passage, ...]] = {}
    parts: dict[str, _Parts] = {}
    for line, row in read_json_lines(path):
        try:
            identity = str(row["id"])
            chosen = _chosen(row, noise)
            wanted = _parts(row["answer"])
            question = str(row["query"])
        except (KeyError, TypeError, IndexError) as error:
            raise missing_key(path, f"line {line}", error, "RGB") from None
        passages = [given_passage(f"{identity}#{n}", "", text) for n, (text, _) in enumerate(chosen, start=1)]
        answering = [p for p, (_, answers) in zip(passages, chosen, strict=True) if answers]
        given[identity] = tuple(passages)
        parts[identity] = wanted
        questions.append(
            Question(
                question=question,
                id=identity,
                answer=" and ".join(part[0] for part in wanted) if answering else None,
                answerable=bool(answering),
                gold=tuple(Gold(passage.document.id) for passage in answering),
            )
        )
    if not questions:
        raise DataFormatError(f"{path}: holds no question")
    return Benchmark("rgb", tuple(questions), given=given, own=_scores(parts))


def _scores(parts: Mapping[str, _Parts]) -> OwnMeasures:
    def paper_scores(question: Question, answer: Answer, _: Sequence[Passage]) -> Mapping[str, Tally]:
        """Count accuracy where something answers (every part is said), rejection where nothing does."""
        text = strip_marks(answer.text).lower()
        refused = answer.abstained or _REFUSAL in text
        if not question.answerable:
            return {"rgb_rejection": (float(refused), 1.0)}
        said = all(any(wording.lower() in text for wording in part) for part in parts[question.id])
        return {"rgb_accuracy": (float(said and not refused), 1.0)}

    return paper_scores


def _parts(answer: object) -> _Parts:
    """Read an answer: a text, or a list of parts, each a text or a list of wordings."""
    given = answer if isinstance(answer, list) else [answer]
    return tuple(tuple(map(str, part)) if isinstance(part, list) else (str(part),) for part in given)


def _chosen(row: Mapping[str, Any], noise: float) -> list[tuple[str, bool]]:
    """Choose the passages as the paper's script does, each with whether it answers, and shuffle them."""
    generator = random.Random(_SEED)  # noqa: S311  the order the paper was measured with
    negatives: list[str] = row["negative"]
    n_negative = math.ceil(PASSAGES * noise)
    positives = row["positive"]
    if positives and isinstance(positives[0], list):
        answering = _integrated(positives, PASSAGES - n_negative, generator)
        n_negative = PASSAGES - len(answering)
    elif "positive_wrong" in row:
        wrong: list[str] = row["positive_wrong"]
        drawn = generator.sample(range(len(positives)), min(len(positives), PASSAGES - n_negative))
        answering = [wrong[position] for position in drawn]
    else:
        n_negative = min(n_negative, len(negatives)) if noise < 1 else PASSAGES
        n_negative = max(n_negative, PASSAGES - len(positives)) if noise < 1 else n_negative
        answering = positives[: PASSAGES - n_negative]
    chosen = [(text, True) for text in answering] + [
        (text, False) for text in negatives[: max(n_negative, 0)]
    ]
    generator.shuffle(chosen)
    return chosen


def _integrated(groups: list[list[str]], wanted: int, generator: random.Random) -> list[str]:
    """Take one passage of each group, then a second of each, until there are enough."""
    shuffled = [list(group) for group in groups]
    for group in shuffled:
        generator.shuffle(group)
    taken = [group[0] for group in shuffled]
    for depth in range(1, max(map(len, shuffled))):
        for group in shuffled:
            if len(taken) < wanted and len(group) > depth:
                taken.append(group[depth])
    return taken
