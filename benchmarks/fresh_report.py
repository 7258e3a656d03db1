"""The report of `closed_book_or_grounded.py`: Markdown and a picture, from the JSON of the runs alone."""

import json
from pathlib import Path
from typing import Any

from rag_ft.evaluation import Evaluation
from rag_ft.evaluation.measures import BY_NAME
from rag_ft.evaluation.report.tables import shown_estimate

RUNS = {
    "base": "the base, adapted",
    "closed-book": "closed book",
    "predecessor": "closed book, the predecessor's rows",
    "grounded": "grounded",
}
# Hallucination beside coverage: a system that says nothing invents nothing.
SHOWN = (
    "coverage",
    "hallucinated_institution",
    "wrong_figure",
    "right",
    "risk",
    "gold_paragraph_cited",
    "abstention_recall",
    "latency_p50",
)
SETS = {
    "grounded/run/against-quotes": "Our questions over the primer, development part",
    "eval/primer": "Our questions over the primer, test part",
    "eval/held": "Held-back examples, of documents that nothing was trained on",
}


def write_report(out: Path, path: Path) -> None:
    """Write the report and, beside it, the curves."""
    runs = {name: read_run(out / name) for name in RUNS if (out / name / "ragft.json").is_file()}
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = path.with_suffix(".png")
    draw(runs, picture)
    parts = [
        "# A small T5 from fresh weights, closed book and grounded",
        "Made by `benchmarks/closed_book_or_grounded.py` from the JSON of its runs. No trained weights were "
        "at hand: everything here was learned on a busy CPU in about an hour, and says nothing of Flan-T5.",
        *training_section(runs),
        f"![Loss and token F1 by step]({picture.name})",
        *(line for name in SETS for line in evaluation_section(out, name)),
        *promotion_section(out),
        *spot_section(out),
    ]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def read_run(folder: Path) -> dict[str, Any]:
    """Read what a run says of itself."""
    manifest = json.loads((folder / "ragft.json").read_text(encoding="utf-8"))
    history = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    return {**manifest, "history": history}


def training_section(runs: dict[str, dict[str, Any]]) -> list[str]:
    """Return the account of every run."""
    first = next(iter(runs.values()))
    told = first["training"]
    lines = [
        "| run | rows | steps (best) | parameters | minutes | real tokens/s | dev loss | token F1 | "
        "citation F1 | right to answer or abstain |",
        "|---|" + "---:|" * 9,
    ]
    for name, run in runs.items():
        account, scores = run["training"], run["scores"]
        judged = " | ".join(
            f"{scores[key]:.3f}" if key in scores else "–"
            for key in ("token_f1", "citation_f1", "abstention")
        )
        lines.append(
            f"| {RUNS[name]} | {account['examples']:,} | {account['steps']:,} ({account['best_step']:,}) | "
            f"{account['parameters'] / 1e6:.1f} M | {pace(account)} | "
            f"{scores.get('loss', float('nan')):.2f} | {judged} |"
        )
    versions = ", ".join(f"{name} {version}" for name, version in sorted(first["versions"].items()))
    return [
        "## Training",
        f"{told['device']}, {told['precision']}, beside other work, so the speeds are "
        f"lower bounds; {versions}. The last three are of answers generated for held-back examples, 0 to 1; "
        "a closed-book reader has no citations, and no rows to abstain from.",
        *said_nothing(runs),
        "\n".join(lines),
    ]


def said_nothing(runs: dict[str, dict[str, Any]]) -> list[str]:
    """Say so where the grounded reader answered none of its development rows."""
    scores = runs.get("grounded", {}).get("scores", {})
    if scores.get("token_f1") != 0:
        return []
    return [
        "**The grounded reader answers nothing.** So short a training taught it the abstention that ends a "
        "quarter of its rows, and no copying out of passages: it is no reader to use, and shows the way only."
    ]


def pace(account: dict[str, Any]) -> str:
    """Return minutes and tokens a second; a run taken up at its last step measured neither."""
    if not account["tokens_per_second"]:
        return "– | –"
    return f"{account['seconds'] / 60:.0f} | {account['tokens_per_second']:,.0f}"


def evaluation_section(out: Path, name: str) -> list[str]:
    """Return the systems side by side on one set."""
    file = out / name / "results.json"
    if not file.is_file():
        return []
    evaluation = Evaluation.load(file)
    rows = evaluation.questions.rows
    systems = [each for each in evaluation.systems if each.status == "ran"]
    taken = [measure for measure in SHOWN if any(measure in each.measures for each in systems)]
    lines = [
        "| | " + " | ".join(each.name for each in systems) + " |",
        "|---|" + "---:|" * len(systems),
        *(
            f"| {BY_NAME[measure].title} | "
            + " | ".join(shown_estimate(BY_NAME[measure], each.measures.get(measure)) for each in systems)
            + " |"
            for measure in taken
        ),
    ]
    unanswerable = sum(row.answerable is False for row in rows)
    return [
        f"## {SETS[name]}",
        f"{len(rows)} questions, {unanswerable} of them without an answer; 95% intervals and the number "
        "of questions each share is over. A closed-book answer cites nothing, so every institution that it "
        "names counts as hallucinated, and it never abstains.",
        "\n".join(lines),
    ]


def promotion_section(out: Path) -> list[str]:
    """Return what the grounded run said at its end."""
    log = out / "grounded.log"
    said = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    lines = [line for line in said if line.startswith(("Against quotes", "Promoted", "Not promoted"))]
    return ["## Against quotes", "The run's own words:", "\n".join(f"> {line}\n>" for line in lines)]


def spot_section(out: Path) -> list[str]:
    """Return the answers to the questions that the predecessor was shown to fail on."""
    answers = {name: _read(out / f"spot-{name}.json") for name in ("closed-book", "grounded")}
    if not all(answers.values()):
        return []
    lines = ["| question | closed book | `ragft ask --reader` grounded |", "|---|---|---|"]
    for closed, grounded in zip(*answers.values(), strict=True):
        said = f"{grounded['text']} (by {grounded['reader'].rsplit('/', 1)[-1]}, {grounded['engine']})"
        lines.append(f"| {closed['question']} | {_cell(closed['text'])} | {_cell(said)} |")
    return ["## The predecessor's spot questions", "\n".join(lines)]


def draw(runs: dict[str, dict[str, Any]], path: Path) -> None:
    """Draw the training loss and the development token F1 of every run."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3), layout="constrained")
    FigureCanvasAgg(figure)
    losses, scores = figure.subplots(1, 2)
    colours = {name: f"C{number}" for number, name in enumerate(RUNS)}
    for name, run in runs.items():
        shown = [(each["step"], each["loss"]) for each in run["history"] if "loss" in each]
        look = {"label": RUNS[name], "color": colours[name]}
        losses.plot(*zip(*shown, strict=True), linewidth=1, **look)
        judged = [(each["step"], each["eval_token_f1"]) for each in run["history"] if "eval_token_f1" in each]
        if judged:
            scores.plot(*zip(*judged, strict=True), marker="o", markersize=3, **look)
    losses.set(xlabel="step", ylabel="training loss a token")
    losses.legend(fontsize=7)
    scores.set(xlabel="step", ylabel="token F1, development")
    scores.legend(fontsize=7)
    figure.savefig(path, dpi=90)


def _read(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
