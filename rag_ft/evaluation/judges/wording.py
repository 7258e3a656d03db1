"""How much of one text's meaning another holds, by the stems of its words."""

import re

_WORD = re.compile(r"[a-z0-9][a-z0-9$.,%-]*[a-z0-9%]|[a-z0-9]")
# Words that carry no meaning alone; "no" and "not" do, so they stay in.
_STOP = frozenset(
    "a an and any are as at be been by can could did do does for from had has have how if in is it its may "
    "must of on or other shall should such that the their them there these they this those to under up upon "
    "was were what when where which who whom whose will with would".split()
)
# Six letters tell "institution" from "instrument" and join "require" with "requirement"; an s
# at the end of a word is most often a plural's.
_STEM = 6


def share_of_words(of: str, within: str) -> float:
    """Return the share of the words of meaning of one text that another holds, in [0, 1].

    A text of no such word is all held: there is nothing to miss.
    """
    wanted = stems(of)
    return len(wanted & stems(within)) / len(wanted) if wanted else 1.0


def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words of meaning."""
    return frozenset(
        word.removesuffix("s")[:_STEM] for word in _WORD.findall(text.casefold()) if word not in _STOP
    )
