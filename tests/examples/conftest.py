"""A small index of our own rules, and passages made by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rag_ft.examples.families.reading import Reading
from rag_ft.examples.statements import link_words
from rag_ft.indexing import build_index
from rag_ft.retrieval.passage_index import PassageIndex
from rag_ft.schema import DocumentInfo, Passage, Span
from tests.conftest import FakeEncoder

HARBOUR = """---
title: "Harbour Wardens Act 2011"
kind: act
date: 2011-02-03
---
# Harbour Wardens Act 2011
## Berths
1.1 "berth" means a place at a quay where one vessel may lie at a time.

1.2 "tide table" has the meaning given by section 4(2) of the Tides Act 2019.

1.3 A harbour warden must inspect each empty berth within 14 days after a vessel leaves it.

1.4 Where a vessel leaks oil, the harbour warden must close the berth to other vessels.

1.5 A vessel owner must not paint a hull at a berth unless the harbour warden has agreed in writing.

1.6 A harbour warden may move a vessel if its owner has not paid the berthing fee.

1.7 No ferry company shall carry fireworks on a night crossing.

1.8 The Port Council may, by notice in the port gazette, close a quay to fishing boats.
## Fees
2.1 A vessel owner must pay a berthing fee of $450 for each week.

2.2 Any person who damages a quay is guilty of an offence and is liable on conviction to a fine not
exceeding $7,000 or to imprisonment for a term not exceeding 9 months or to both.
"""
ORCHARDS = """---
title: "Orchard Rules Act 2009"
kind: act
date: 2009-05-06
---
# Orchard Rules Act 2009
## Trees
1.1 "orchard" means land on which at least 40 fruit trees grow.

1.2 An orchard keeper must prune each pear tree before the first frost.

1.3 The Fruit Board may inspect a cold store if it suspects rot.

1.4 An orchard keeper must keep the harvest book for at least 6 years.

1.5 A picker need not wear gloves in a plum orchard.

1.6 A cider press must be washed after every batch of apples.

1.7 The Fruit Board must publish the apple price by noon.
"""


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    folder = tmp_path_factory.mktemp("acts")
    (folder / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    (folder / "orchards.md").write_text(ORCHARDS, encoding="utf-8")
    return build_index([folder], tmp_path_factory.mktemp("index"), FakeEncoder())


@pytest.fixture
def passage() -> Callable[..., Passage]:
    """Make a passage of one or more slices, as the chunker would."""

    def make(*slices: str, label: str = "s 6(3)", **fields: object) -> Passage:
        spans = []
        start = 0
        for text in slices:
            spans.append(Span(start, start + len(text)))
            start += len(text) + 1
        info = DocumentInfo(id="acts/harbour.md", title="Harbour Wardens Act 2011", kind="act")
        values = {"id": f"p{label}", "document": info, "label": label, "heading": "", **fields}
        return Passage(spans=tuple(spans), text="\n".join(slices), **values)  # type: ignore[arg-type]

    return make


@pytest.fixture
def reading(passage: Callable[..., Passage]) -> Callable[..., Reading]:
    def make(*slices: str, siblings: tuple[Passage, ...] = (), **fields: object) -> Reading:
        made = passage(*slices, **fields)
        return Reading(made, link_words([made, *siblings]), {})

    return make


@pytest.fixture
def questions_file(tmp_path: Path) -> Path:
    path = tmp_path / "asked.jsonl"
    path.write_text(
        '{"question": "What does a week at a berth cost?", "answer": "$450", '
        '"gold": [{"document": "harbour.md", "paragraph": "2.1"}]}\n'
        '{"question": "Who owns the lighthouse?", "answerable": false}\n'
        '{"question": "How deep is the quay?", "answer": "9 metres", '
        '"gold": [{"document": "lost.md", "paragraph": "7"}]}\n',
        encoding="utf-8",
    )
    return path
