"""How many rows abstain: the gold is left out of a share, and unanswerable questions fill up the rest."""

from dataclasses import dataclass

from rag_ft.examples.drafts import Draft
from rag_ft.examples.structure import draw

# Before so many rows a share swings too much to steer by.
_SETTLED = 40


@dataclass
class AbstentionBalance:
    """Steers the share of abstentions as rows are made; shares are 0 to 1.

    Args:
        left_out: the share of answerable questions whose gold is left out.
        fewest: below this share more gold is left out.
        most: above this share no unanswerable question is taken.
        seed: decides with a draft's id whether its gold is left out.
    """

    left_out: float
    fewest: float
    most: float
    seed: int
    rows: int = 0
    abstentions: int = 0

    def takes(self, draft: Draft) -> bool:
        """Tell whether an unanswerable draft is wanted now; an answerable one always is."""
        if draft.answer is not None or self.rows < _SETTLED:
            return True
        return self.abstentions + 1 <= self.most * (self.rows + 1)

    def leaves_out(self, draft: Draft) -> bool:
        """Tell whether an answerable draft is to lose its gold."""
        if draft.answer is None or self.left_out == 0:
            return False
        if draw(self.seed, draft.id, "left out") < self.left_out * 2**64:
            return self.rows < _SETTLED or self.abstentions + 1 <= self.most * (self.rows + 1)
        return self.rows >= _SETTLED and self.abstentions < self.fewest * self.rows

    def count(self, *, abstains: bool) -> None:
        """Count a row that was made."""
        self.rows += 1
        self.abstentions += abstains
