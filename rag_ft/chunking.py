"""Paragraphs into Passages: each with its lead-in, none over the token budget."""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag_ft.schema import Document, Paragraph, Passage, Span

CountTokens = Callable[[Sequence[str]], list[int]]
DEFAULT_BUDGET = 256

# Sentence ends first, then the stops inside a sentence, then words, then characters.
_SEPARATORS = [r"(?<=[.!?])\s+(?=[A-Z“\"(\[])", r"(?<=[;:])\s+", r"\n", r"(?<=,)\s+", r"\s+", ""]
_UNFINISHED = re.compile(r"(?:[-–—―⎯:,;]|\b(?:and|or))\s*$")
# A lead-in may take this share of a passage; a longer one keeps only its end.
_LEAD_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Draft:
    paragraph: Paragraph
    lead: tuple[Span, ...]
    body: tuple[Span, ...]
    tail: tuple[Span, ...] = ()
    part: int = 0

    @property
    def spans(self) -> tuple[Span, ...]:
        return (*self.lead, *self.body, *self.tail)


def make_passages(
    document: Document, count_tokens: CountTokens, budget: int = DEFAULT_BUDGET, headroom: int = 0
) -> list[Passage]:
    """Turn a document's paragraphs into passages, in their order.

    A paragraph whose limbs fit beside it gives one passage of the whole, labels
    included, and each limb gives its own, lead-in first. A lead-in that is no sentence
    by itself stands only in the passages of its limbs.

    Args:
        document: as parsed.
        count_tokens: counts tokens of texts as the encoder does, special tokens included.
        budget: most tokens of a passage.
        headroom: tokens of the budget kept free for words that the encoder puts before
            a passage (title, heading).

    Raises:
        ValueError: the headroom leaves no room for words.
    """
    if budget - headroom < 16:
        raise ValueError(
            f"a budget of {budget} tokens with {headroom} kept free leaves too little for a passage"
        )
    return _Maker(document, count_tokens, budget - headroom).passages()


class _Maker:
    def __init__(self, document: Document, count_tokens: CountTokens, budget: int) -> None:
        self.document = document
        self.count_tokens = count_tokens
        self.budget = budget
        self.children: dict[int | None, list[int]] = {}
        for position, paragraph in enumerate(document.paragraphs):
            self.children.setdefault(paragraph.parent, []).append(position)
        self.line_starts = [line.span.start for line in document.lines]
        self.special = count_tokens([""])[0]
        slices = sorted(
            {span for paragraph in document.paragraphs for span in self._labelled(paragraph)}
            | {span for paragraph in document.paragraphs for span in paragraph.spans}
        )
        counts = count_tokens([self._slice(span) for span in slices]) if slices else []
        self.costs = dict(zip(slices, counts, strict=True))

    def passages(self) -> list[Passage]:
        drafts: list[_Draft] = []
        for position, paragraph in enumerate(self.document.paragraphs):
            drafts.extend(self._drafts(position, paragraph))
        counts = self.count_tokens([self._text(draft.spans) for draft in drafts]) if drafts else []
        passages: list[Passage] = []
        for draft, count in zip(drafts, counts, strict=True):
            # Counts of slices add up but for a tokenizer that joins over white space: then cut again.
            fitting = [draft] if count <= self.budget else self._cut(draft, self.budget // 2)
            passages.extend(self._passage(each) for each in fitting)
        return passages

    def _drafts(self, position: int, paragraph: Paragraph) -> Iterator[_Draft]:
        if not paragraph.spans:
            return
        lead = self._lead(paragraph)
        whole = self._whole(position)
        if len(whole) > len(paragraph.spans):
            if self._cost((*lead, *whole)) <= self.budget:
                yield _Draft(paragraph, lead, whole)
                return
            if (
                _UNFINISHED.search(self._slice(paragraph.spans[0]))
                and "." not in self._slice(paragraph.spans[0])[:-1]
            ):
                return
        tail = self._tail(paragraph)
        draft = _Draft(paragraph, lead, paragraph.spans, tail)
        if self._cost(draft.spans) > self.budget:
            draft = _Draft(paragraph, lead, paragraph.spans)
        if self._cost(draft.spans) <= self.budget:
            yield draft
        else:
            yield from self._cut(draft, self.budget)

    def _lead(self, paragraph: Paragraph) -> tuple[Span, ...]:
        """Gather the words above a paragraph, outermost first, within their share of the budget."""
        leads: list[Span] = []
        room = int(self.budget * _LEAD_SHARE)
        parent = paragraph.parent
        while parent is not None:
            above = self.document.paragraphs[parent]
            if above.spans:
                span = above.spans[0]
                if self._cost((span,)) > room:
                    if not leads and (end := self._last_sentence(span, room)):
                        leads.append(end)
                    break
                room -= self._cost((span,)) - self.special
                leads.append(span)
            parent = above.parent
        return tuple(reversed(leads))

    def _last_sentence(self, span: Span, room: int) -> Span | None:
        text = self._slice(span)
        cut = max((m.end() for m in re.finditer(_SEPARATORS[0], text)), default=0)
        last = Span(span.start + cut, span.end)
        return last if cut and self.count_tokens([self._slice(last)])[0] <= room else None

    def _whole(self, position: int) -> tuple[Span, ...]:
        """List a paragraph's words and its limbs' with their labels, in the order printed."""
        spans = list(self.document.paragraphs[position].spans)
        pending = list(self.children.get(position, ()))
        while pending:
            child = pending.pop()
            paragraph = self.document.paragraphs[child]
            if paragraph.role in ("table", "footnote", "definition"):
                continue
            spans.extend(self._labelled(paragraph))
            pending.extend(self.children.get(child, ()))
        return tuple(sorted(spans))

    def _labelled(self, paragraph: Paragraph) -> tuple[Span, ...]:
        if paragraph.printed is None or not paragraph.spans:
            return paragraph.spans
        first, *rest = paragraph.spans
        return (Span(paragraph.printed.start, first.end), *rest)

    def _tail(self, paragraph: Paragraph) -> tuple[Span, ...]:
        """Find the words that close the list a limb stands in ("that favour anonymity")."""
        if paragraph.parent is None or paragraph.role == "footnote":
            return ()
        above = self.document.paragraphs[paragraph.parent]
        return tuple(span for span in above.spans[1:2] if span.start > paragraph.spans[-1].end)

    def _cost(self, spans: Sequence[Span]) -> int:
        missing = [span for span in spans if span not in self.costs]
        if missing:
            counts = self.count_tokens([self._slice(span) for span in missing])
            self.costs.update(zip(missing, counts, strict=True))
        return sum(self.costs[span] - self.special for span in spans) + self.special

    def _cut(self, draft: _Draft, budget: int) -> list[_Draft]:
        """Cut the body at sentence ends; every piece keeps the lead-in."""
        lead = draft.lead if self._cost(draft.lead) <= budget * _LEAD_SHARE else ()
        room = budget - (self._cost(lead) - self.special if lead else 0)
        groups: list[list[Span]] = [[]]
        for span in draft.body:
            pieces = [span] if self._cost((span,)) <= room else self._split(span, room)
            for piece in pieces:
                if groups[-1] and self._cost([*groups[-1], piece]) > room:
                    groups.append([])
                groups[-1].append(piece)
        return [_Draft(draft.paragraph, lead, tuple(group), (), part) for part, group in enumerate(groups)]

    def _split(self, span: Span, room: int) -> list[Span]:
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        text = self._slice(span)
        cache: dict[str, int] = {}

        def length(piece: str) -> int:
            if piece not in cache:
                cache[piece] = self.count_tokens([piece])[0] - self.special
            return cache[piece]

        sentences = re.split(_SEPARATORS[0], text)
        cache.update(zip(sentences, (n - self.special for n in self.count_tokens(sentences)), strict=True))
        splitter = RecursiveCharacterTextSplitter(
            separators=_SEPARATORS,
            is_separator_regex=True,
            keep_separator="end",
            chunk_size=room - self.special,
            chunk_overlap=0,
            length_function=length,
        )
        pieces: list[Span] = []
        cursor = 0
        for piece in splitter.split_text(text):
            # The splitter trims its pieces but drops no word, so each begins after white space only.
            start = text.index(piece, cursor)
            cursor = start + len(piece)
            pieces.append(Span(span.start + start, span.start + cursor))
        return pieces

    def _slice(self, span: Span) -> str:
        return self.document.text[span.start : span.end]

    def _text(self, spans: Sequence[Span]) -> str:
        return "\n".join(self._slice(span) for span in spans)

    def _passage(self, draft: _Draft) -> Passage:
        paragraph, info = draft.paragraph, self.document.info
        text = self._text(draft.spans)
        identity = f"{info.id}\0{[tuple(span) for span in draft.spans]}\0{text}"
        return Passage(
            id=hashlib.sha256(identity.encode()).hexdigest()[:16],
            document=info,
            label=paragraph.label,
            heading=" > ".join(paragraph.heading),
            spans=draft.spans,
            text=text,
            pages=self._pages(draft),
            part=draft.part,
            role=paragraph.role,
            term=paragraph.term,
            effective=paragraph.effective,
            references=paragraph.references,
        )

    def _pages(self, draft: _Draft) -> tuple[int, ...]:
        """Tell the pages of the body; the lead-in may stand on an earlier one."""
        lines = self.document.lines
        pages = {
            lines[at].page
            for span in draft.body
            for at in range(
                max(bisect_right(self.line_starts, span.start) - 1, 0),
                bisect_left(self.line_starts, span.end),
            )
        }
        return tuple(sorted(pages)) or draft.paragraph.pages
