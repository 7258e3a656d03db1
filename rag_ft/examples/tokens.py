"""How many tokens a reader sees in a text: by its own tokenizer, else an estimate from above."""

from pathlib import Path

from rag_ft.errors import ModelUnavailableError
from rag_ft.prompts import CountTokens

# T5's vocabulary takes 4.3 characters a token on rows of MAS documents and Acts; of 500 rows
# the densest of more than 200 tokens had 3.47.
_CHARACTERS_A_TOKEN = 3.4


def estimate_tokens(text: str) -> int:
    """Estimate, from above, how many tokens the reader sees."""
    return 2 + int(len(text) / _CHARACTERS_A_TOKEN)


def token_counter(folder: str | Path) -> CountTokens:
    """Count tokens with a reader's own tokenizer.

    Args:
        folder: a reader's or a tokenizer's folder, with its `tokenizer.json`.

    Raises:
        ModelUnavailableError: there is no tokenizer in it.
    """
    from tokenizers import Tokenizer

    file = Path(folder) / "tokenizer.json"
    if not file.is_file():
        raise ModelUnavailableError(
            f"{folder}: no tokenizer.json there: name a reader's folder, or leave it out"
        )
    tokenizer = Tokenizer.from_file(str(file))
    return lambda text: len(tokenizer.encode(text).ids)
