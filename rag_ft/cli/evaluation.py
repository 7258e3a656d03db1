"""`ragft eval`, `ragft report` and `ragft gate`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.places import DEFAULT_INDEX


class Only(StrEnum):
    """What `--only` takes."""

    RETRIEVAL = "retrieval"


@app.command("eval")
def eval_command(
    questions: Annotated[
        Path, typer.Argument(help="Questions: JSON lines or CSV, .gz or not; of BEIR, the qrels.")
    ],
    systems: Annotated[
        list[Path] | None, typer.Argument(help="Systems as YAML; without any, `ragft ask` as it stands.")
    ] = None,
    index: Annotated[
        Path, typer.Option("--index", "-i", help="Index of the systems that name none.")
    ] = DEFAULT_INDEX,
    only: Annotated[Only | None, typer.Option(help="Judge the search alone.")] = None,
    split: Annotated[str | None, typer.Option(help="Ask only the rows of this split: dev or test.")] = None,
    layout: Annotated[
        str | None, typer.Option(help="Of a public set: squad2, clapnq, obliqa, beir or rgb.")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="Passages of a public set that is searched: a file or a folder.")
    ] = None,
    noise: Annotated[
        float, typer.Option(help="Of RGB: share of passages that do not answer; 1 tests refusal.")
    ] = 0.0,
    judge: Annotated[
        str, typer.Option(help="Of citations: gold, containment, or an entailment model by folder or name.")
    ] = "gold",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for results.json, report.md and report.html.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "Evaluation",
    texts: Annotated[bool, typer.Option(help="Keep the passages' texts for the report.")] = True,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the whole result as JSON.")] = False,
) -> None:
    """Compare systems on questions: retrieval, answers, citations, trust, abstention, latency."""
    from rag_ft.cli.evaluation_printing import asking_progress, print_evaluation, print_files
    from rag_ft.cli.outputs import check_output
    from rag_ft.evaluation import evaluate
    from rag_ft.evaluation.layouts import load_benchmark
    from rag_ft.evaluation.report import write_report

    if out is not None:
        check_output(out / "results.json")
    asked = load_benchmark(layout, questions, corpus, noise=noise) if layout else questions
    with asking_progress() as on_progress:
        evaluation = evaluate(
            asked,
            systems or (),
            index=index,
            only="retrieval" if only else None,
            split=split,
            judge=judge,
            seed=seed,
            keep_texts=texts,
            title=title,
            on_progress=on_progress,
        )
    if out is not None:
        # Before anything is printed: a reader who closes the pipe must not lose the run.
        print_files(write_report(evaluation, out))
    print_evaluation(evaluation, as_json=json)
    if not any(system.status == "ran" for system in evaluation.systems):
        raise typer.Exit(1)


@app.command("report")
def report_command(
    results: Annotated[Path, typer.Argument(help="A results.json that `ragft eval --out` wrote.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the report.")],
) -> None:
    """Write the report of an evaluation anew from its results.json."""
    from rag_ft.cli.evaluation_printing import print_files
    from rag_ft.evaluation import Evaluation
    from rag_ft.evaluation.report import write_report

    print_files(write_report(Evaluation.load(results), out))


@app.command("gate")
def gate_command(
    baseline: Annotated[Path, typer.Option(help="The results.json to hold against.")],
    candidate: Annotated[Path, typer.Option(help="The results.json of the change.")],
    measure: Annotated[
        list[str] | None,
        typer.Option(help="NAME or NAME=TOLERANCE, again for more; by default those that matter most."),
    ] = None,
    system: Annotated[str | None, typer.Option(help="The system to hold; by default all by name.")] = None,
    any_fall: Annotated[
        bool, typer.Option("--any-fall", help="Fail beyond the tolerance even where chance explains it.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
) -> None:
    """Fail (exit 1) where a measure falls by more than its tolerance, beyond noise."""
    from rag_ft.cli.evaluation_printing import print_gate
    from rag_ft.evaluation import Evaluation
    from rag_ft.evaluation.gate import gate, parse_tolerances

    verdicts = gate(
        Evaluation.load(baseline),
        Evaluation.load(candidate),
        parse_tolerances(measure or ()),
        system=system,
        any_fall=any_fall,
    )
    print_gate(verdicts, as_json=json)
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(1)
