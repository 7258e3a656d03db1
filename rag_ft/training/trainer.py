"""transformers' `Seq2SeqTrainer` with our batches, loss, optimiser and development score."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader
from transformers import Seq2SeqTrainer, Seq2SeqTrainingArguments

from rag_ft.training.batches import IGNORED, LengthBatches, collate
from rag_ft.training.encoding import Rows
from rag_ft.training.kernels import uncompiled
from rag_ft.training.model import Model
from rag_ft.training.settings import TrainingConfig

# What a development part gives: names and values, `loss` among them.
Evaluate = Callable[["RowTrainer"], dict[str, float]]


class RowTrainer(Seq2SeqTrainer):
    """Trains on `Rows`; batches, loss, optimiser and evaluation are ours, the loop is transformers'.

    Attributes:
        tokens_seen: Tokens of inputs and targets trained on by this process in this call,
            padding not counted.
        seconds_aside: Seconds that evaluations and checkpoints took.
    """

    def __init__(
        self,
        model: Model,
        arguments: Seq2SeqTrainingArguments,
        config: TrainingConfig,
        rows: Rows,
        batches: LengthBatches,
        evaluate: Evaluate | None,
    ) -> None:
        super().__init__(model=model, args=arguments, train_dataset=rows)
        self.tokens_seen = 0
        self.seconds_aside = 0.0
        self._config, self._rows, self._batches, self._evaluate_dev = config, rows, batches, evaluate
        inner = model.get_base_model() if hasattr(model, "get_base_model") else model
        self._decoder_start = int(inner.config.decoder_start_token_id)
        self._pad = int(inner.config.pad_token_id)
        # `compute_loss` divides by the targets of the whole step; T5's own loss ignores them,
        # so that accumulation would add means up instead.
        self.model_accepts_loss_kwargs = True

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Return the loader of this process's batches."""
        workers = self._config.workers
        return DataLoader(
            self._rows,  # type: ignore[arg-type]  # all that a map-style dataset needs
            batch_sampler=self._batches,
            collate_fn=partial(collate, decoder_start=self._decoder_start, pad=self._pad),
            num_workers=workers,
            persistent_workers=workers > 0,
            prefetch_factor=4 if workers else None,
            pin_memory=self.args.device.type == "cuda",
        )

    def training_step(
        self,
        model: Model,
        inputs: dict[str, torch.Tensor],
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor:
        """Run one batch; its tokens are counted while they are still on the CPU."""
        self.tokens_seen += int(inputs["attention_mask"].sum() + (inputs["labels"] != IGNORED).sum())
        loss: torch.Tensor = super().training_step(model, inputs, num_items_in_batch)
        return loss

    def compute_loss(
        self,
        model: Model,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor | tuple[torch.Tensor, Model]:
        """Return the cross-entropy of a batch over the target tokens of its whole step.

        So a token weighs the same in a short and a long batch, however a step is divided
        into batches and processes. DDP averages over processes, hence the factor.
        """
        labels = inputs["labels"]
        outputs = model(**{key: value for key, value in inputs.items() if key != "labels"})
        logits = outputs.logits
        total = cross_entropy(
            logits.view(-1, logits.shape[-1]),
            labels.view(-1),
            ignore_index=IGNORED,
            reduction="sum",
            label_smoothing=self._config.label_smoothing,
        )
        items = (labels != IGNORED).sum() if num_items_in_batch is None else num_items_in_batch
        loss = total / items * (self.args.world_size if num_items_in_batch is not None else 1)
        return (loss, outputs) if return_outputs else loss

    def create_optimizer(self, model: Model = None) -> torch.optim.Optimizer:
        """Make the optimiser: AdamW by transformers, or torch's Adafactor.

        Adafactor's steps are relative to each weight's size (arXiv 1804.04235, as T5 was
        trained): embeddings of unit size and layers of size d^-0.5 learn at one rate.
        """
        if self.optimizer is None and self._config.optimizer == "adafactor":
            trained: Model = self.model if model is None else model
            weights = [p for p in trained.parameters() if p.requires_grad]
            self.optimizer = torch.optim.Adafactor(
                weights, lr=self._config.learning_rate, weight_decay=self._config.weight_decay
            )
        optimizer: torch.optim.Optimizer = self.optimizer or super().create_optimizer(model)
        return optimizer

    def evaluate(self, *_: object, **__: object) -> dict[str, float]:
        """Score the development part and tell the callbacks."""
        if self._evaluate_dev is None:
            return {}
        started = time.perf_counter()
        with uncompiled(self.model):
            scores = self._evaluate_dev(self)
        metrics = {f"eval_{name}": value for name, value in scores.items()}
        self.log(dict(metrics))
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        self.seconds_aside += time.perf_counter() - started
        return metrics

    def _save_checkpoint(self, model: Model, trial: Any) -> None:  # noqa: ANN401
        started = time.perf_counter()
        super()._save_checkpoint(model, trial)
        self.seconds_aside += time.perf_counter() - started
