"""Paragraphs into Passages: each with its lead-in, none over the token budget."""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag_ft.schema import Document, Paragraph, Passage, Reference, Span

CountTokens = Callable[[Sequence[str]], list[int]]
DEFAULT_BUDGET = 256
_SMALLEST = 16

# Where a text may be cut: sentence ends first, then stops inside a sentence, words, characters.
_SENTENCE_ENDS = r"(?<=[.!?])\s+(?=[A-Z“\"(\[])"
_CUTS = [_SENTENCE_ENDS, r"(?<=[;:])\s+", r"\n", r"(?<=,)\s+", r"\s+", ""]
# A lead-in that breaks off is no sentence by itself: "A bank shall perform the measures when -".
_BROKEN_OFF = re.compile(r"(?:[-–—―⎯:,;]|\b(?:and|or))\s*$")
# A lead-in may take this share of a passage; a longer one keeps only its last sentence.
_LEAD_SHARE = 0.5
# Sums of counts are trusted below this share of the budget; above it the whole text is counted.
_TRUSTED = 0.75
_NOT_LIMBS = ("table", "footnote", "definition")


def make_passages(
    document: Document, count_tokens: CountTokens, budget: int = DEFAULT_BUDGET, headroom: int = 0
) -> list[Passage]:
    """Turn a document's paragraphs into passages, in their order.

    A paragraph gives a passage of its own words, its lead-in first. Where its limbs fit
    beside it, the passage holds them all with their labels, and each limb gives its own
    as well. A lead-in that is no sentence by itself stands in its limbs' passages only.
    What is over the budget is cut at sentence ends; a table at its rows, each part with
    its header.

    Args:
        document: as parsed.
        count_tokens: counts tokens of texts as the encoder does, special tokens included.
        budget: most tokens of a passage.
        headroom: tokens of the budget kept free for words that the encoder puts before
            a passage (title, heading).

    Raises:
        ValueError: the headroom leaves no room for words.
    """
    if budget - headroom < _SMALLEST:
        raise ValueError(
            f"a budget of {budget} tokens with {headroom} kept free leaves no room for a passage"
        )
    return _Maker(document, count_tokens, budget - headroom).passages()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage in the making: its lead-in, its own words, and the words that close its list.

    A spare one is a lead-in that is no sentence: wanted only where no limb has room for it.
    """

    paragraph: Paragraph
    lead: tuple[Span, ...]
    body: tuple[Span, ...]
    tail: tuple[Span, ...] = ()
    part: int = 0
    spare: bool = False

    @property
    def spans(self) -> tuple[Span, ...]:
        return (*self.lead, *self.body, *self.tail)


class _Maker:
    def __init__(self, document: Document, count_tokens: CountTokens, budget: int) -> None:
        self.document = document
        self.count_tokens = count_tokens
        self.budget = budget
        self.children: dict[int, list[int]] = {}
        for position, paragraph in enumerate(document.paragraphs):
            if paragraph.parent is not None:
                self.children.setdefault(paragraph.parent, []).append(position)
        self.line_starts = [line.span.start for line in document.lines]
        self.own_starts = sorted(
            (span.start, position)
            for position, paragraph in enumerate(document.paragraphs)
            for span in paragraph.spans
        )
        self.special = count_tokens([""])[0]
        self.costs: dict[Span, int] = {}
        self._count([span for paragraph in document.paragraphs for span in paragraph.spans])

    def passages(self) -> list[Passage]:
        drafts = [
            draft
            for position, paragraph in enumerate(self.document.paragraphs)
            for draft in self._drafts(position, paragraph)
        ]
        close = [draft for draft in drafts if self._cost(draft.spans) > _TRUSTED * self.budget]
        counts = self.count_tokens([self._text(draft.spans) for draft in close]) if close else []
        over = {id(draft) for draft, count in zip(close, counts, strict=True) if count > self.budget}
        fitting: list[_Draft] = []
        for draft in drafts:
            # A tokenizer that joins over white space can count more than the sum of the slices.
            fitting.extend(self._cut(draft, self.budget // 2) if id(draft) in over else [draft])
        ends = {span.end for draft in fitting if not draft.spare for span in draft.spans}
        passages: dict[str, Passage] = {}
        for draft in fitting:
            if draft.spare and all(span.end in ends for span in draft.body):
                continue
            passage = self._passage(draft)
            # An only limb with its lead-in is its paragraph over again: the paragraph stands for both.
            passages.setdefault(passage.id, passage)
        return list(passages.values())

    def _drafts(self, position: int, paragraph: Paragraph) -> Iterator[_Draft]:
        lead = self._lead(paragraph)
        whole = self._whole(position)
        has_limbs = len(whole) > len(paragraph.spans)
        if has_limbs and self._cost((*lead, *whole)) <= self.budget:
            yield _Draft(paragraph, lead, whole)
            return
        if not paragraph.spans:
            return
        spare = has_limbs and self._only_leads_in(paragraph)
        draft = _Draft(paragraph, lead, paragraph.spans, self._tail(paragraph), spare=spare)
        if self._cost(draft.spans) > self.budget:
            draft = replace(draft, tail=())
        if self._cost(draft.spans) <= self.budget:
            yield draft
        else:
            yield from self._cut(draft, self.budget)

    def _only_leads_in(self, paragraph: Paragraph) -> bool:
        first = self._slice(paragraph.spans[0])
        return bool(_BROKEN_OFF.search(first)) and not re.search(_SENTENCE_ENDS, first)

    def _lead(self, paragraph: Paragraph) -> tuple[Span, ...]:
        """Gather the words above a paragraph, outermost first, within their share of the budget."""
        leads: list[Span] = []
        room = int(self.budget * _LEAD_SHARE)
        parent = paragraph.parent
        while parent is not None:
            above = self.document.paragraphs[parent]
            for span in above.spans[:1]:
                cost = self._cost((span,))
                if cost > room:
                    end = self._last_sentence(span, room) if not leads else None
                    return (end,) if end else tuple(reversed(leads))
                room -= cost - self.special
                leads.append(span)
            parent = above.parent
        return tuple(reversed(leads))

    def _last_sentence(self, span: Span, room: int) -> Span | None:
        text = self._slice(span)
        cut = max((match.end() for match in re.finditer(_SENTENCE_ENDS, text)), default=0)
        last = Span(span.start + cut, span.end)
        return last if cut and self._cost((last,)) <= room else None

    def _whole(self, position: int) -> tuple[Span, ...]:
        """List a paragraph's words and its limbs' with their labels, in the order printed."""
        spans = list(self.document.paragraphs[position].spans)
        pending = list(self.children.get(position, ()))
        while pending:
            child = pending.pop()
            paragraph = self.document.paragraphs[child]
            if paragraph.role not in _NOT_LIMBS:
                spans.extend(self._labelled(paragraph))
                pending.extend(self.children.get(child, ()))
        return tuple(sorted(spans))

    def _labelled(self, paragraph: Paragraph) -> tuple[Span, ...]:
        """Return a limb's slices, its label included where it stands right before them."""
        if paragraph.printed is None or not paragraph.spans:
            return paragraph.spans
        first, *rest = paragraph.spans
        labelled = Span(paragraph.printed.start, first.end)
        if self.document.text[paragraph.printed.end : first.start].strip(" —–"):
            return paragraph.spans
        # A token holds one character at least, so this is never too little.
        self.costs.setdefault(labelled, self.costs[first] + first.start - labelled.start)
        return (labelled, *rest)

    def _tail(self, paragraph: Paragraph) -> tuple[Span, ...]:
        """Find the words that close the list a limb stands in ("that favour anonymity")."""
        if paragraph.parent is None or paragraph.role in _NOT_LIMBS:
            return ()
        above = self.document.paragraphs[paragraph.parent]
        return tuple(span for span in above.spans[1:2] if span.start > paragraph.spans[-1].end)

    def _cut(self, draft: _Draft, budget: int) -> list[_Draft]:
        """Cut the body at sentence ends, a table at its rows; every part keeps the lead-in."""
        lead, body = draft.lead, draft.body
        if draft.paragraph.role == "table" and len(body) > 1:
            lead, body = (*lead, body[0]), body[1:]
        if self._cost(lead) > budget * _LEAD_SHARE:
            lead = ()
        room = budget - (self._cost(lead) - self.special if lead else 0)
        groups: list[list[Span]] = [[]]
        for span in body:
            for piece in [span] if self._cost((span,)) <= room else self._split(span, room):
                if groups[-1] and self._cost([*groups[-1], piece]) > room:
                    groups.append([])
                groups[-1].append(piece)
        return [
            replace(draft, lead=lead, body=tuple(group), tail=(), part=part)
            for part, group in enumerate(groups)
        ]

    def _split(self, span: Span, room: int) -> list[Span]:
        """Split one slice by langchain-text-splitters, and find where its pieces stand.

        The splitter's own offsets are guesses (langchain-ai/langchain#17642); it trims
        its pieces but drops no word, so each begins behind white space only.
        """
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        text = self._slice(span)
        known: dict[str, int] = {}

        def length(piece: str) -> int:
            if piece not in known:
                known[piece] = self.count_tokens([piece])[0] - self.special
            return known[piece]

        sentences = re.split(f"(?:{_SENTENCE_ENDS})", text)
        counts = self.count_tokens(sentences)
        known.update({s: n - self.special for s, n in zip(sentences, counts, strict=True)})
        splitter = RecursiveCharacterTextSplitter(
            separators=_CUTS,
            is_separator_regex=True,
            keep_separator="end",
            chunk_size=max(room - self.special, 1),
            chunk_overlap=0,
            length_function=length,
        )
        pieces: list[Span] = []
        cursor = 0
        for piece in splitter.split_text(text):
            start = text.index(piece, cursor)
            cursor = start + len(piece)
            pieces.append(Span(span.start + start, span.start + cursor))
        return pieces

    def _count(self, spans: Sequence[Span]) -> None:
        missing = [span for span in dict.fromkeys(spans) if span not in self.costs]
        if missing:
            counts = self.count_tokens([self._slice(span) for span in missing])
            self.costs.update(zip(missing, counts, strict=True))

    def _cost(self, spans: Sequence[Span]) -> int:
        """Count the tokens of slices joined, special tokens once."""
        self._count(spans)
        return sum(self.costs[span] - self.special for span in spans) + self.special

    def _slice(self, span: Span) -> str:
        return self.document.text[span.start : span.end]

    def _text(self, spans: Sequence[Span]) -> str:
        return "\n".join(self._slice(span) for span in spans)

    def _passage(self, draft: _Draft) -> Passage:
        paragraph, info = draft.paragraph, self.document.info
        text = self._text(draft.spans)
        places = ",".join(f"{span.start}-{span.end}" for span in draft.spans)
        identity = f"{info.id}\0{places}\0{text}"
        return Passage(
            id=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
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
            references=self._references(draft, text),
        )

    def _references(self, draft: _Draft, text: str) -> tuple[Reference, ...]:
        """Collect the references that stand in a passage: its own, its lead-in's and its limbs'."""
        words = " ".join(text.split())
        found: dict[Reference, None] = {}
        for span in draft.spans:
            # A slice may begin at a label, before the words; a list is one slice of all its limbs.
            first = max(bisect_right(self.own_starts, (span.start, len(self.document.paragraphs))) - 1, 0)
            for _, position in self.own_starts[first : bisect_left(self.own_starts, (span.end, 0))]:
                for reference in self.document.paragraphs[position].references:
                    if " ".join(reference.text.split()) in words:
                        found.setdefault(reference)
        return tuple(found)

    def _pages(self, draft: _Draft) -> tuple[int, ...]:
        """Tell the pages of the body; the lead-in may stand on an earlier one."""
        lines = self.document.lines
        pages: set[int] = set()
        for span in draft.body:
            first = max(bisect_right(self.line_starts, span.start) - 1, 0)
            pages.update(line.page for line in lines[first : bisect_left(self.line_starts, span.end)])
        return tuple(sorted(pages)) or draft.paragraph.pages
