"""Fine-tuning the encoder of a search; the result is an ordinary sentence-transformers folder."""

import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from rag_ft.errors import TrainingError
from rag_ft.metrics import retrieval_measures
from rag_ft.retrieval.model_folder import find_model_folder
from rag_ft.retriever_rows import RetrieverRow
from rag_ft.training.device import choose_precision
from rag_ft.training.retriever_folds import two_parts
from rag_ft.training.retriever_settings import RetrieverConfig

_CHECKPOINT = "checkpoint"
_STATE = "state.json"
_ENCODE_AT_ONCE = 64

# Epoch, step, steps in all, loss of that step.
RetrieverProgress = Callable[[int, int, int, float], None]


@dataclass(frozen=True, slots=True)
class RetrieverReport:
    """What a run came to; scores are MRR@10 over the development part's own passages."""

    folder: str
    rows: int
    dev_rows: int
    base_score: float
    scores: tuple[float, ...]
    kept_epoch: int


def train_retriever(
    rows: Sequence[RetrieverRow],
    config: RetrieverConfig,
    output_dir: str | Path,
    *,
    resume: bool = False,
    offline: bool = False,
    progress: RetrieverProgress | None = None,
) -> RetrieverReport:
    """Fine-tune an encoder on questions with their passages and hard negatives.

    The loss is the cross-entropy of the question's passage among all passages of the batch
    (Henderson et al. 2017, arXiv 1705.00652); what also answers the question is left out.
    After each epoch the development part is scored and the run can be resumed from there.
    The folder holds the epoch that scored best, the base's own weights where none beat it.

    Raises:
        ModelUnavailableError: the base is not on this machine.
        TrainingError: there are too few rows, or nothing to resume.
    """
    return _Run(list(rows), config, Path(output_dir), offline=offline).train(
        resume=resume, progress=progress or _quiet
    )


class _Run:
    def __init__(
        self, rows: list[RetrieverRow], config: RetrieverConfig, folder: Path, *, offline: bool
    ) -> None:
        from sentence_transformers import SentenceTransformer

        self.config, self.folder = config, folder
        self.dev, self.train_rows = two_parts(rows, config.dev_share, config.seed)
        if len(self.train_rows) < config.batch_size or not self.dev:
            raise TrainingError(
                f"{len(rows)} rows give {len(self.train_rows)} to learn from and {len(self.dev)} to judge "
                f"by: a batch needs {config.batch_size}; add rows, or set a smaller batch_size or dev_share"
            )
        torch.manual_seed(config.seed)
        base = find_model_folder(config.base, offline=offline)
        self.model: Any = SentenceTransformer(str(base.path), local_files_only=True)
        self.device = self.model.device
        self.bf16 = choose_precision("auto", self.device) == "bf16"
        self._freeze()
        self.trained = {name: p for name, p in self.model.named_parameters() if p.requires_grad}
        self.optimizer = torch.optim.AdamW(
            self.trained.values(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self.steps = config.epochs * (len(self.train_rows) // config.batch_size)

    def train(self, *, resume: bool, progress: RetrieverProgress) -> RetrieverReport:
        checkpoint = self.folder / _CHECKPOINT
        if resume:
            scores = self._restore(checkpoint)
        else:
            scores = [self._score()]
            self.folder.mkdir(parents=True, exist_ok=True)
            self._save_model(scores)
        for epoch in range(len(scores) - 1, self.config.epochs):
            self._epoch(epoch, progress)
            scores.append(self._score())
            if scores[-1] > max(scores[:-1]):
                self._save_model(scores)
            self._save_checkpoint(checkpoint, scores)
        best = scores.index(max(scores))
        report = RetrieverReport(
            str(self.folder), len(self.train_rows), len(self.dev), scores[0], tuple(scores[1:]), best
        )
        (self.folder / "README.md").write_text(_card(self.config, report), encoding="utf-8")
        (self.folder / "ragft-retriever.json").write_text(
            json.dumps({"config": self.config.model_dump(mode="json"), **asdict(report)}, indent=1) + "\n",
            encoding="utf-8",
        )
        shutil.rmtree(checkpoint, ignore_errors=True)
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

    def _epoch(self, epoch: int, progress: RetrieverProgress) -> None:
        # A resumed run draws what an unbroken one would have drawn.
        draw = random.Random(f"{self.config.seed} {epoch}")  # noqa: S311  no secret
        torch.manual_seed(self.config.seed + epoch)
        self.model.train()
        per_epoch = self.steps // self.config.epochs
        for position, batch in enumerate(_batches(self.train_rows, self.config.batch_size, draw)):
            step = epoch * per_epoch + position
            for group in self.optimizer.param_groups:
                group["lr"] = self.config.learning_rate * self._rate(step)
            loss = self._loss(batch, draw)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad()
            progress(epoch, step + 1, self.steps, float(loss.detach()))

    def _loss(self, batch: Sequence[RetrieverRow], draw: random.Random) -> torch.Tensor:
        passages = [row.positive for row in batch]
        passages += [draw.choice(row.negatives) for row in batch if row.negatives]
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
        relevant: dict[str, set[str]] = {}
        for row in self.dev:
            known = {str(texts.index(text)) for text in row.answers if text in texts}
            relevant.setdefault(str(questions.index(row.question)), set()).update(known)
        rankings = {str(at): [str(item) for item in items] for at, items in enumerate(best)}
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

    def _save_checkpoint(self, checkpoint: Path, scores: Sequence[float]) -> None:
        """Keep weights, the optimizer's moments and the scores; whole or not at all."""
        fresh = checkpoint.with_name(f"{_CHECKPOINT}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        save_file({name: p.detach().contiguous() for name, p in self.trained.items()}, fresh / "weights")
        moments = {
            f"{name}/{key}": value.contiguous()
            for name, p in self.trained.items()
            for key, value in self.optimizer.state[p].items()
        }
        save_file(moments, fresh / "moments")
        state = {"scores": list(scores), "config": self.config.model_dump(mode="json")}
        (fresh / _STATE).write_text(json.dumps(state), encoding="utf-8")
        shutil.rmtree(checkpoint, ignore_errors=True)
        fresh.rename(checkpoint)

    def _restore(self, checkpoint: Path) -> list[float]:
        if not (checkpoint / _STATE).is_file():
            raise TrainingError(f"{self.folder} holds no run to resume: leave --resume out")
        state = json.loads((checkpoint / _STATE).read_text(encoding="utf-8"))
        if state["config"] != self.config.model_dump(mode="json"):
            raise TrainingError(f"{self.folder} was begun with another configuration: leave --resume out")
        weights, moments = load_file(checkpoint / "weights"), load_file(checkpoint / "moments")
        with torch.no_grad():
            for name, parameter in self.trained.items():
                parameter.copy_(weights[name])
                kept = {key: moments.get(f"{name}/{key}") for key in ("step", "exp_avg", "exp_avg_sq")}
                # A weight that no loss reaches (BERT's pooler) has no moments.
                if kept["step"] is not None:
                    self.optimizer.state[parameter] = kept
        scores: list[float] = state["scores"]
        return scores


def _batches(
    rows: Sequence[RetrieverRow], size: int, draw: random.Random
) -> Iterator[Sequence[RetrieverRow]]:
    shuffled = draw.sample(rows, len(rows))
    for at in range(0, len(shuffled) - size + 1, size):
        yield shuffled[at : at + size]


def _card(config: RetrieverConfig, report: RetrieverReport) -> str:
    scores = "\n".join(f"- epoch {n}: {score:.4f}" for n, score in enumerate(report.scores, start=1))
    kept = f"epoch {report.kept_epoch}" if report.kept_epoch else "the base: no epoch beat it"
    return (
        "---\nlibrary_name: sentence-transformers\npipeline_tag: sentence-similarity\n---\n"
        f"# {Path(report.folder).name}\n\n"
        f"An encoder for retrieval, fine-tuned by ragft from {config.base} on {report.rows} pairs of a "
        "question and its passage, with mined hard negatives. Index with "
        "`ragft index PATH --rebuild --encoder FOLDER`.\n\n"
        f"## MRR@10 on {report.dev_rows} development pairs, over their own passages\n"
        f"- base: {report.base_score:.4f}\n{scores}\n\nKept: {kept}.\n\n"
        "## Limits\nThe development pairs come from the same source as the training pairs.\n"
    )


def _quiet(_epoch: int, _step: int, _steps: int, _loss: float) -> None:
    """Say nothing."""
