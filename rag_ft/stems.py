"""The stem of an English word, by Snowball: what search counts and what checks of wording compare."""

from functools import lru_cache

import Stemmer


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut a word in lower case to the stem that its inflections share."""
    # A Stemmer is not safe to share between threads and costs microseconds to make.
    cut: str = Stemmer.Stemmer("english").stemWord(word)
    return cut
