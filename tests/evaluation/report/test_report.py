import html.parser
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rag_ft.errors import UsageError
from rag_ft.evaluation import Evaluation, evaluate
from rag_ft.evaluation.measures import BY_NAME
from rag_ft.evaluation.report import write_report
from rag_ft.evaluation.report.html import html_report
from rag_ft.evaluation.report.markdown import markdown_report
from rag_ft.evaluation.report.outcomes import outcome_groups
from rag_ft.evaluation.report.summary import summary
from rag_ft.evaluation.report.tables import (
    difference_table,
    group_tables,
    headline_table,
    shown_estimate,
    style_table,
)
from rag_ft.evaluation.results import Comparison, Estimate, SystemResult
from rag_ft.schema import Gold, Question

GOLD = (Gold("primer/records.md", "1.1", "five years"),)
QUESTIONS = [
    Question("How long?", id="a", answer="five years", answerable=True, gold=GOLD, style="lay"),
    Question(
        "<script>alert(1)</script> | *how* many?",
        id="b",
        answer="ten",
        answerable=True,
        gold=GOLD,
        style="lawyer",
    ),
    Question("Who rules Mars?", id="c", answerable=False, style="lay"),
]


@pytest.fixture(scope="module")
def evaluation(make_system, make_answer, make_passage) -> Evaluation:
    found = make_passage("A bank keeps <b>records</b> & files for five years.")

    def eager(question: Question):
        return make_answer(f"five years, says {question.id} [1]", [found], confidence=0.5)

    def careful(question: Question):
        if not question.answerable:
            return make_answer("Nothing says so.", abstained=True)
        return make_answer("five years [1]", [found], confidence=0.9)

    done = evaluate(
        QUESTIONS,
        [make_system("eager", eager, [found]), make_system("careful", careful, [found])],
        resamples=100,
        title="Trial & error",
    )
    absent = SystemResult("absent", "closed book", {"reader": "x/y"}, "not run", reason="no such model")
    return replace(done, systems=(*done.systems, absent))


class Balanced(html.parser.HTMLParser):
    """Fails where a tag is closed that was not open; keeps what would reach outside."""

    VOID = frozenset({"meta", "circle", "rect", "path", "line", "polyline"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_html_is_whole_and_reaches_nowhere(evaluation: Evaluation) -> None:
    page = html_report(evaluation)
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert parser.links == []
    assert "script" not in parser.seen
    assert parser.seen.count("figure") == 3
    assert not re.search(r"url\(|@import|https?://", page)
    assert "prefers-color-scheme: dark" in page


def test_texts_are_data_in_the_html(evaluation: Evaluation) -> None:
    page = html_report(evaluation)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;records&lt;/b&gt; &amp; files" in page
    assert "Trial &amp; error" in page


def test_every_figure_of_the_html_is_the_jsons(evaluation: Evaluation) -> None:
    page = html_report(evaluation)
    for system in evaluation.systems:
        for name, estimate in system.measures.items():
            assert shown_estimate(BY_NAME[name], estimate) in page


def test_what_did_not_run_says_why(evaluation: Evaluation) -> None:
    for report in (html_report(evaluation), markdown_report(evaluation)):
        assert "not run: no such model" in report


def test_markdown_tables_hold(evaluation: Evaluation) -> None:
    report = markdown_report(evaluation)
    assert report.startswith("# Trial & error\n")
    for block in re.findall(r"(?:^\|.*\n?)+", report, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.strip().splitlines()}
        assert len(widths) == 1, block
    assert "| Coverage | 100.0% (36.8–100.0), n 3 | 66.7%" in report
    assert "**Won by careful only** (1): c" in report
    assert "**Won by all** (1): a" in report
    assert "**Lost by all** (1): b" in report


def test_outcomes_by_hand(evaluation: Evaluation) -> None:
    groups = {
        group.title: [item.question.id for item in group.questions] for group in outcome_groups(evaluation)
    }
    assert groups == {"Lost by all": ["b"], "Won by careful only": ["c"], "Won by all": ["a"]}
    lost = next(group for group in outcome_groups(evaluation) if group.title == "Lost by all").questions[0]
    # Both systems search the same index: what was found is shown once.
    assert [names for names, _ in lost.searches] == ["eager, careful"]


def test_tables_by_hand(evaluation: Evaluation) -> None:
    headline = headline_table(evaluation)
    assert headline.columns == ("", "eager", "careful")
    assert {row[0]: row[2] for row in headline.rows}["Right"].startswith("50.0% ")
    assert group_tables(evaluation)[0].title == "Coverage and abstention"
    styles = {row[0]: row[1:] for row in style_table(evaluation).rows}
    assert styles["lay: Right"] == ("100.0%, n 1", "100.0%, n 1")
    assert styles["lay: Abstention recall"] == ("0.0%, n 1", "100.0%, n 1")


@pytest.mark.parametrize(
    ("measure", "difference", "shown", "better"),
    [
        ("coverage", 0.25, "+25.0 points (+20.0 to +30.0)", "b"),
        ("risk", 0.25, "+25.0 points (+20.0 to +30.0)", "a"),
        ("risk", -0.25, "−25.0 points (−30.0 to −20.0)", "b"),
        ("R@10", -0.25, "−0.250 (−0.300 to −0.200)", "a"),
        ("clapnq_length", 12.0, "+12 (+12 to +12)", "b"),
    ],
)
def test_a_difference_has_the_unit_of_its_measure_and_says_who_is_better(
    evaluation: Evaluation, measure: str, difference: float, shown: str, better: str
) -> None:
    spread = 0.05 if abs(difference) < 1 else 0.0
    found = Comparison(
        "a", "b", measure, difference, difference - spread, difference + spread, 0.0, None, 0.0
    )
    table = difference_table(replace(evaluation, comparisons=(found,)))
    assert table.rows[0][3:5] == (shown, better)


def test_the_summary_counts_no_invention_in_words(evaluation: Evaluation) -> None:
    sentences = summary(evaluation)
    assert "none of the answers invent an institution" in sentences[1]
    assert "50% of the answerable ones are answered right" in sentences[1]


def test_the_html_speaks_in_words_and_hides_no_line(evaluation: Evaluation) -> None:
    eager, careful, absent = evaluation.systems
    refused = replace(careful.rows[2], abstained=True, reason="not_named")
    page = html_report(
        replace(evaluation, systems=(eager, replace(careful, rows=(*careful.rows[:2], refused)), absent))
    )
    assert "abstained: the index does not hold what the question names" in page
    assert "One line for what found the same: eager, careful." in page


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("coverage", "12.3% (0.0–50.0), n 7"),
        ("R@10", "0.123 (0.000–0.500), n 7"),
        ("latency_p50", "0.123 s (0.000–0.500), n 7"),
    ],
)
def test_an_estimate_is_written_with_interval_and_number(measure: str, expected: str) -> None:
    assert shown_estimate(BY_NAME[measure], Estimate(0.123, 0.0, 0.5, 7, "bootstrap")) == expected
    assert shown_estimate(BY_NAME[measure], None) == "–"


def test_three_files_are_written_and_the_json_makes_the_same_report(
    tmp_path: Path, evaluation: Evaluation
) -> None:
    files = write_report(evaluation, tmp_path / "a")
    assert sorted(file.name for file in files.values()) == ["report.html", "report.md", "results.json"]
    again = write_report(Evaluation.load(files["json"]), tmp_path / "b")
    for kind in files:
        assert files[kind].read_bytes() == again[kind].read_bytes()


def test_a_retrieval_only_report_shows_what_it_has(make_system, make_answer, make_passage) -> None:
    searching = make_system("search", lambda _: make_answer(""), [make_passage()])
    done = evaluate(QUESTIONS, [searching], only="retrieval", resamples=50)
    page = html_report(done)
    assert page.count("<figure>") == 1
    assert "a gold paragraph is among the first five for 100%" in page
    titles = {group.title for group in outcome_groups(done)}
    assert titles == {"Won", "Not judged: no reference"}


def test_nothing_ran_is_a_report_too(evaluation: Evaluation) -> None:
    nothing = replace(evaluation, systems=evaluation.systems[2:], comparisons=())
    assert "not run: no such model" in html_report(nothing)
    assert "<figure>" not in html_report(nothing)


def test_a_folder_that_cannot_be_is_named(tmp_path: Path, evaluation: Evaluation) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(evaluation, tmp_path / "file" / "report")
