"""Fine-tuning the encoder of a search; the result is an ordinary sentence-transformers folder."""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from rag_ft.errors import TrainingError
from rag_ft.metrics import retrieval_measures
from rag_ft.retrieval.model_folder import find_model_folder
from rag_ft.retriever_rows import RetrieverRow
from rag_ft.training.device import choose_precision
from rag_ft.training.progress import Progress, TrainingEvent
from rag_ft.training.retriever_checkpoint import Checkpoint, Standing
from rag_ft.training.retriever_folds import two_parts
from rag_ft.training.retriever_settings import RetrieverConfig

_ENCODE_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class RetrieverReport:
    """What a run came to; scores are MRR@10 over the development part's own passages."""

    folder: str
    rows: int
    dev_rows: int
    base_score: float
    scores: tuple[float, ...]
    kept_epoch: int
    base_sha256: str


def train_retriever(
    rows: Sequence[RetrieverRow],
    config: RetrieverConfig,
    output_dir: str | Path,
    *,
    resume: bool = False,
    offline: bool = False,
    progress: Progress | None = None,
) -> RetrieverReport:
    """Fine-tune an encoder on questions with their passages and hard negatives.

    The loss is the cross-entropy of the question's passage among all passages of the batch
    (Henderson et al. 2017, arXiv 1705.00652); what also answers the question is left out.
    After each epoch the development part is scored; a run that was stopped goes on from its
    last checkpoint to the very weights that an unbroken one comes to. The folder holds the
    epoch that scored best, the base's own weights where none beat it.

    Raises:
        ModelUnavailableError: the base is not on this machine.
        TrainingError: there are too few rows, or nothing to resume.
    """
    run = _Run(list(rows), config, Path(output_dir), offline=offline, progress=progress or _quiet)
    return run.train(resume=resume)


class _Run:
    def __init__(
        self,
        rows: list[RetrieverRow],
        config: RetrieverConfig,
        folder: Path,
        *,
        offline: bool,
        progress: Progress,
    ) -> None:
        from sentence_transformers import SentenceTransformer

        self.config, self.folder, self.progress = config, folder, progress
        self.checkpoint = Checkpoint(folder / "checkpoint", config, rows)
        self.dev, self.train_rows = two_parts(rows, config.dev_share, config.seed)
        if len(self.train_rows) < config.batch_size or not self.dev:
            raise TrainingError(
                f"{len(rows)} rows give {len(self.train_rows)} to learn from and {len(self.dev)} to judge "
                f"by: a batch needs {config.batch_size}; add rows, or set a smaller batch_size or dev_share"
            )
        torch.manual_seed(config.seed)
        base = find_model_folder(config.base, offline=offline)
        self.base_sha256 = base.weights_sha256
        self.model: Any = SentenceTransformer(str(base.path), local_files_only=True)
        self.device = self.model.device
        self.bf16 = choose_precision("auto", self.device) == "bf16"
        self._freeze()
        self.trained = {name: p for name, p in self.model.named_parameters() if p.requires_grad}
        self.optimizer = torch.optim.AdamW(
            self.trained.values(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self.epoch_steps = len(self.train_rows) // config.batch_size
        self.steps = config.epochs * self.epoch_steps

    def train(self, *, resume: bool) -> RetrieverReport:
        if resume:
            done = self.checkpoint.restore(self.trained, self.optimizer)
            first, scores = done.step, list(done.scores)
        else:
            first, scores = 0, [self._score()]
            self.folder.mkdir(parents=True, exist_ok=True)
            self._save_model(scores)
            self._tell(0, scores={"RR@10": scores[0]})
        for epoch in range(first // self.epoch_steps, self.config.epochs):
            self._epoch(epoch, first, scores)
            scores.append(self._score())
            if scores[-1] > max(scores[:-1]):
                self._save_model(scores)
            self._save((epoch + 1) * self.epoch_steps, scores)
            self._tell((epoch + 1) * self.epoch_steps, scores={"RR@10": scores[-1]})
        best = scores.index(max(scores))
        report = RetrieverReport(
            folder=str(self.folder),
            rows=len(self.train_rows),
            dev_rows=len(self.dev),
            base_score=scores[0],
            scores=tuple(scores[1:]),
            kept_epoch=best,
            base_sha256=self.base_sha256,
        )
        (self.folder / "README.md").write_text(_card(self.config, report), encoding="utf-8")
        (self.folder / "ragft-retriever.json").write_text(
            json.dumps({"config": self.config.model_dump(mode="json"), **asdict(report)}, indent=1) + "\n",
            encoding="utf-8",
        )
        self.checkpoint.remove()
        return report

    def _freeze(self) -> None:
        if not self.config.frozen_layers:
            return
        encoder: Any = self.model[0].auto_model
        layers = encoder.encoder.layer
        if self.config.frozen_layers >= len(layers):
            raise TrainingError(
                f"frozen_layers is {self.config.frozen_layers} and {self.config.base} has {len(layers)} "
                "layers: leave at least one to learn"
            )
        for module in (encoder.embeddings, *layers[: self.config.frozen_layers]):
            module.requires_grad_(requires_grad=False)

    def _epoch(self, epoch: int, first: int, scores: Sequence[float]) -> None:
        """Take the steps of an epoch from step `first` on."""
        self.model.train()
        for step, batch in enumerate(self._batches(epoch), start=epoch * self.epoch_steps):
            if step < first:
                continue
            # By the step, so that a resumed run drops out what an unbroken one would have.
            torch.manual_seed(self.config.seed + step)
            rate = self.config.learning_rate * self._rate(step)
            for group in self.optimizer.param_groups:
                group["lr"] = rate
            loss = self._loss(*batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad()
            value = float(loss.detach())
            if not math.isfinite(value):
                raise TrainingError(f"the loss is {value} at step {step + 1}: lower learning_rate")
            self._tell(step + 1, loss=value, learning_rate=rate)
            if (step + 1) % self.config.save_every == 0 and (step + 1) % self.epoch_steps:
                self._save(step + 1, scores)

    def _batches(self, epoch: int) -> list[tuple[Sequence[RetrieverRow], list[str]]]:
        """Draw the batches of an epoch with their passages: the positives, then a negative of each row."""
        draw = random.Random(f"{self.config.seed} {epoch}")  # noqa: S311  no secret
        shuffled = draw.sample(self.train_rows, len(self.train_rows))
        size = self.config.batch_size
        batches = [shuffled[at * size : (at + 1) * size] for at in range(self.epoch_steps)]
        return [
            (
                batch,
                [row.positive for row in batch]
                + [draw.choice(row.negatives) for row in batch if row.negatives],
            )
            for batch in batches
        ]

    def _loss(self, batch: Sequence[RetrieverRow], passages: Sequence[str]) -> torch.Tensor:
        questions = self._embed([row.question for row in batch], self.config.question_tokens)
        cosines = questions @ self._embed(passages, self.config.passage_tokens).T
        also_right = torch.tensor(
            [
                [column != at and text in row.answers for column, text in enumerate(passages)]
                for at, row in enumerate(batch)
            ],
            device=cosines.device,
        )
        logits = (cosines / self.config.temperature).masked_fill(also_right, float("-inf"))
        return torch.nn.functional.cross_entropy(logits, torch.arange(len(batch), device=cosines.device))

    def _embed(self, texts: Sequence[str], tokens: int) -> torch.Tensor:
        """Embed with gradients: `(len(texts), dimension)` float32 on the device, unit norm."""
        kept, self.model.max_seq_length = self.model.max_seq_length, tokens
        try:
            features = self.model.preprocess(list(texts))
        finally:
            self.model.max_seq_length = kept
        features = {
            name: value.to(self.device) if isinstance(value, torch.Tensor) else value
            for name, value in features.items()
        }
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            vectors = self.model(features)["sentence_embedding"]
        return torch.nn.functional.normalize(vectors.float(), dim=1)

    @torch.no_grad()
    def _score(self) -> float:
        """Return MRR@10 of the development questions over all passages of the development part."""
        self.model.eval()
        texts = list(dict.fromkeys(text for row in self.dev for text in (row.positive, *row.negatives)))
        questions = list(dict.fromkeys(row.question for row in self.dev))
        passages = self._embed_all(texts, self.config.passage_tokens)
        cosines = self._embed_all(questions, self.config.question_tokens) @ passages.T
        best = cosines.topk(min(10, len(texts)), dim=1).indices.tolist()
        places = {text: str(at) for at, text in enumerate(texts)}
        relevant: dict[str, set[str]] = {}
        for row in self.dev:
            known = {places[text] for text in row.answers if text in places}
            relevant.setdefault(row.question, set()).update(known)
        rankings = {
            question: [str(item) for item in items] for question, items in zip(questions, best, strict=True)
        }
        values = retrieval_measures(rankings, relevant, ["RR@10"])["RR@10"]
        return sum(values.values()) / len(values)

    def _embed_all(self, texts: Sequence[str], tokens: int) -> torch.Tensor:
        parts = [texts[at : at + _ENCODE_AT_ONCE] for at in range(0, len(texts), _ENCODE_AT_ONCE)]
        return torch.cat([self._embed(part, tokens) for part in parts])

    def _rate(self, step: int) -> float:
        warm = max(1, int(self.steps * self.config.warmup))
        return min(1.0, (step + 1) / warm) * (1 - step / self.steps)

    def _save_model(self, scores: Sequence[float]) -> None:
        try:
            self.model.save_pretrained(str(self.folder), create_model_card=False)
        except OSError as error:
            raise TrainingError(
                f"{self.folder} cannot be written after {len(scores) - 1} epochs ({error})"
            ) from error

    def _save(self, step: int, scores: Sequence[float]) -> None:
        self.checkpoint.save(Standing(step, tuple(scores)), self.trained, self.optimizer)

    def _tell(
        self,
        step: int,
        *,
        loss: float | None = None,
        learning_rate: float | None = None,
        scores: dict[str, float] | None = None,
    ) -> None:
        epoch = step / self.epoch_steps
        self.progress(
            TrainingEvent(
                step, self.steps, epoch, loss=loss, learning_rate=learning_rate, scores=scores or {}
            )
        )


def _card(config: RetrieverConfig, report: RetrieverReport) -> str:
    scores = "\n".join(f"- epoch {n}: {score:.4f}" for n, score in enumerate(report.scores, start=1))
    kept = f"epoch {report.kept_epoch}" if report.kept_epoch else "the base: no epoch beat it"
    return (
        "---\nlibrary_name: sentence-transformers\npipeline_tag: sentence-similarity\n---\n"
        f"# {Path(report.folder).name}\n\n"
        f"An encoder for retrieval, fine-tuned by ragft from {config.base} (SHA-256 of its weights "
        f"{report.base_sha256}) on {report.rows} pairs of a question and its passage, with mined hard "
        "negatives. An index is made by it with `ragft index PATH --rebuild --encoder FOLDER`; the index of "
        "another encoder refuses it.\n\n"
        f"## MRR@10 on {report.dev_rows} development pairs, over their own passages\n"
        f"- base: {report.base_score:.4f}\n{scores}\n\nKept: {kept}.\n\n"
        "## Limits\nThe development pairs come from the same source as the training pairs.\n"
    )


def _quiet(_event: TrainingEvent) -> None:
    """Say nothing."""
