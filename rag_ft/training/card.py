"""The model card of a reader folder: what it is, what it was trained on, what it can and cannot do."""

from rag_ft.reader_manifest import ReaderManifest

_USE = {
    "grounded": (
        "It answers a question from numbered passages and cites them as `[1]`, or says that they do not "
        "answer. Ask it through `ragft ask --reader FOLDER`, which checks every institution, figure and "
        "citation of an answer against the passages before it is shown."
    ),
    "closed-book": (
        "It answers without any passage, from memory. It is a control for measurements: such a reader "
        "invents institutions and figures. Do not use it to answer questions."
    ),
}


def model_card(manifest: ReaderManifest) -> str:
    """Return the card as Markdown with the front matter that model hubs read."""
    run = manifest.training
    front = ["---", "library_name: peft" if manifest.method == "lora" else "library_name: transformers"]
    if "/" in manifest.base and not manifest.base.startswith((".", "/", "~")):
        front.append(f"base_model: {manifest.base}")
    front += ["tags: [ragft, t5]", "language: en", "---"]
    if manifest.task == "adapt":
        use = "It fills gaps in running text (span corruption). Fine-tune it before it is asked anything."
    else:
        use = _USE[manifest.prompt]
    what = "adapter (LoRA)" if manifest.method == "lora" else "model"
    lines = [
        *front,
        f"# {manifest.name}",
        "",
        f"A {what} trained by ragft from {_base(manifest)}. {use}",
        "",
        "## Training",
        *(f"- {key}: {value}" for key, value in _facts(manifest)),
        "",
        "## Scores on its development part",
        *(
            [f"- {name}: {value:.4f}" for name, value in sorted(manifest.scores.items())]
            or ["None were taken."]
        ),
        "",
        (
            "Answers were generated greedily. `score` is the harmonic mean of two parts: token F1 and "
            "citation F1 of the answers that were due, and the share of due abstentions made."
        )
        if manifest.task == "reader"
        else "`loss` is the cross-entropy a token on held-out text.",
        "",
        "## Limits",
        "Its development part comes from the same source as its training part; quality on other documents "
        "is measured by `ragft eval`. It gives no legal advice.",
        "",
    ]
    if run.get("pretrained") is False:
        lines.insert(
            -3, "Its weights come from fresh ones and the data named above alone: it is not Flan-T5.\n"
        )
    return "\n".join(lines)


def _base(manifest: ReaderManifest) -> str:
    return f"{manifest.base} at {manifest.base_revision}" if manifest.base_revision else manifest.base


def _facts(manifest: ReaderManifest) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [("task", manifest.task), ("method", manifest.method)]
    if manifest.task == "reader":
        facts.append(("prompt", f"{manifest.prompt}, version {manifest.prompt_version}"))
    facts += [(f"SHA-256 of {part}", digest) for part, digest in sorted(manifest.data.items())]
    facts.append(("seed", manifest.seed))
    facts += [
        (key.replace("_", " "), value) for key, value in sorted(manifest.training.items()) if key != "config"
    ]
    facts += [(f"{name}", version) for name, version in sorted(manifest.versions.items())]
    return facts
