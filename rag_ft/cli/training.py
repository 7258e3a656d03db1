"""`ragft train` and `ragft export`."""

from pathlib import Path
from typing import Annotated

import typer

from rag_ft.cli.app import app
from rag_ft.places import DEFAULT_INDEX


@app.command("train")
def train_command(
    config: Annotated[str, typer.Argument(help="A preset, or a YAML file.")] = "full-small",
    examples: Annotated[
        Path | None,
        typer.Option(
            "--examples", help="Examples (of a retriever: its rows), JSON lines; else made from the index."
        ),
    ] = None,
    index: Annotated[
        Path,
        typer.Option("--index", "-i", help="Index to make examples from, and to be held against quotes by."),
    ] = DEFAULT_INDEX,
    questions: Annotated[
        list[Path] | None,
        typer.Option(
            "--questions",
            help="Questions with gold paragraphs: a retriever learns from them; the dev rows of a file "
            "hold a reader against quotes [default: a shipped set that fits]",
        ),
    ] = None,
    layout: Annotated[
        str | None, typer.Option(help="Their layout where they are a public set's: obliqa or beir.")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="Passages of that set; indexed in --index where it holds none.")
    ] = None,
    dev: Annotated[
        Path | None, typer.Option("--dev", help="Examples to be judged by; else a share is held out.")
    ] = None,
    texts: Annotated[
        list[Path] | None, typer.Option("--texts", help="Documents to adapt to (task: adapt).")
    ] = None,
    base: Annotated[str | None, typer.Option("--base", help="Model folder or hub id to start from.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the model [default: data/readers/CONFIG]")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE over the configuration, such as epochs=3.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Train on examples that the gate refuses.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Never download a base.")] = False,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print the whole configuration and stop.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Train a reader on examples, adapt a base to documents, or fine-tune the search's encoder."""
    from rag_ft.cli.training_run import Inputs, run_training
    from rag_ft.training.presets import config_yaml, load_config

    chosen = load_config(config, settings or (), base)
    if print_config:
        typer.echo(config_yaml(chosen), nl=False)
        return
    folder = output or Path("data/readers") / Path(config).stem
    asked = (tuple(questions or ()), layout, corpus)
    inputs = Inputs(index, examples, dev, tuple(texts or ()), force, *asked)
    run_training(chosen, inputs, folder, resume=resume, offline=offline, as_json=json)


@app.command("export")
def export_command(
    reader: Annotated[Path, typer.Argument(help="A reader folder.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The new folder.")] = None,
    merge: Annotated[bool, typer.Option("--merge", help="Merge an adapter into its base.")] = False,
    dtype: Annotated[str, typer.Option("--dtype", help="Weights as float32 or bfloat16.")] = "float32",
    shard: Annotated[
        str | None, typer.Option("--shard", help="Largest file of weights, such as 15MB.")
    ] = None,
    engine: Annotated[
        bool, typer.Option("--engine", help="Add the CPU engine (CTranslate2, int8), checked against torch.")
    ] = False,
    examples: Annotated[
        Path | None, typer.Option("--examples", help="Examples to check the engine by; else the run's own.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never download an adapter's base.")] = False,
) -> None:
    """Export a reader: merged, in bfloat16, in shards, or with the fast CPU engine."""
    from rag_ft.cli.training_run import run_export

    run_export(
        reader,
        output,
        merge=merge,
        dtype=dtype,
        shard=shard,
        engine=engine,
        examples=examples,
        offline=offline,
    )
