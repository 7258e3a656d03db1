"""What `ragft --help` prints: plain data, since importing typer costs more than all the rest."""

from shutil import get_terminal_size

# By what a person does, in the order in which it is done; a test holds each line to the
# command's own help.
GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Every day",
        (
            ("index", "Add documents to an index, or bring it up to date with them."),
            ("ask", "Answer a question from the index, with citations, or say that it cannot be answered."),
            ("search", "Print the paragraphs nearest to a question, with the score of each stage."),
            (
                "diff",
                "Print the paragraphs that changed between two documents, or the amendments inside one.",
            ),
            ("fetch", "Download published documents, politely, and only what is new."),
            ("status", "Say what an index holds, and with --check whether its files are sound."),
        ),
    ),
    (
        "Readers",
        (
            (
                "examples",
                "Make training examples: questions, the passages that search returns, cited answers.",
            ),
            (
                "train",
                "Train a reader on examples, adapt a base to documents, or fine-tune the search's encoder.",
            ),
            (
                "promote",
                "Hold a reader against quotes, and let it answer `ragft ask` if it wins; else exit 1.",
            ),
            ("export", "Export a reader: merged, in bfloat16, in shards, or with the fast CPU engine."),
        ),
    ),
    (
        "Judging",
        (
            (
                "eval",
                "Compare systems on questions: retrieval, answers, citations, trust, abstention, latency.",
            ),
            ("report", "Write the report of an evaluation anew from its results.json."),
            (
                "calibrate",
                "Fit what `ragft ask` answers and abstains by, on questions whose answers are known.",
            ),
            ("gate", "Fail (exit 1) where a measure falls by more than its tolerance, beyond noise."),
        ),
    ),
)


def _entry(name: str, text: str, indent: int, width: int) -> str:
    from textwrap import fill

    start = f"  {name}".ljust(indent)
    return fill(text, width, initial_indent=start, subsequent_indent=" " * indent)


def overview() -> str:
    """Return the help page of the whole command."""
    columns = max(len(name) for _, commands in GROUPS for name, _ in commands) + 4
    # A terminal would break lines within words; in a file, as wide as a narrow terminal.
    width = max(get_terminal_size().columns, columns + 20)
    lines = [
        "Usage: ragft COMMAND [OPTIONS] [ARGUMENTS]",
        "",
        "Cited answers from the documents of the Monetary Authority of Singapore.",
    ]
    for title, commands in GROUPS:
        lines += ["", f"{title}:", *(_entry(name, text, columns, width) for name, text in commands)]
    return "\n".join([*lines, "", "ragft COMMAND --help tells more; ragft --version prints the version."])
