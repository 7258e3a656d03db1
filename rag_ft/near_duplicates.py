"""Near-duplicate texts: MinHash over word shingles (Broder 1997), by the datasketch library.

Two texts are near duplicates where the Jaccard similarity of their shingles, 0 to 1, is
estimated at the threshold or above.
"""

import re

from datasketch import MinHash, MinHashLSH

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_PERMUTATIONS = 128
# Seed and scheme stay for ever: the same texts must be duplicates in every run.
_SEED = 1
_SCHEME = "affine32"


class NearDuplicates:
    """Texts seen so far, asked whether a new one nearly repeats one of them.

    Args:
        threshold: Jaccard similarity from which texts are near duplicates.
        shingle: words a shingle; 1 compares bags of words, more keeps their order.
    """

    def __init__(self, threshold: float = 0.85, shingle: int = 2) -> None:
        self._threshold = threshold
        self._shingle = shingle
        self._lsh = MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
        self._signatures: dict[str, MinHash] = {}

    def find(self, text: str) -> str | None:
        """Return the key of the likest text added so far, None where none is near enough."""
        return self._nearest(self._signature(text))

    def find_or_add(self, key: str, text: str) -> str | None:
        """Return the key of a text that this one nearly repeats; else remember it and return None.

        Raises:
            ValueError: the key names another text already.
        """
        signature = self._signature(text)
        found = self._nearest(signature)
        if found is None:
            self._lsh.insert(key, signature)
            self._signatures[key] = signature
        return found

    def _nearest(self, signature: MinHash) -> str | None:
        # The bands only propose; the estimate from the whole signature decides.
        near = [(self._signatures[key].jaccard(signature), key) for key in self._lsh.query(signature)]
        likest = [(-likeness, key) for likeness, key in near if likeness >= self._threshold]
        return min(likest)[1] if likest else None

    def _signature(self, text: str) -> MinHash:
        words = _WORD.findall(text.casefold())
        size = min(self._shingle, max(len(words), 1))
        shingles = {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}
        signature = MinHash(num_perm=_PERMUTATIONS, seed=_SEED, scheme=_SCHEME)
        signature.update_batch(shingle.encode() for shingle in sorted(shingles))
        return signature
