"""Every paragraph of the primer has its source, and the source holds what the paragraph rests on."""

import json
import re
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from rag_ft.chunking import make_passages
from rag_ft.parsing import read_document

ROOT = Path(__file__).resolve().parent.parent
FACTS = [
    json.loads(line)
    for line in (ROOT / "tests/golden/primer_facts.jsonl").read_text(encoding="utf-8").splitlines()
]


def plain(text: str) -> str:
    straight = text.translate(str.maketrans("‘’“”‑\u00a0", "''\"\"- "))
    return "".join(straight.split()).casefold()


def test_every_numbered_paragraph_of_the_primer_has_a_fact(primer: Path):
    known = {(fact["document"], fact["paragraph"]) for fact in FACTS}
    for path in sorted(primer.glob("*.md")):
        document = read_document(path, f"primer/{path.name}")
        labels = {
            re.match(r"[\d.]+", p.label).group()
            for p in make_passages(document, lambda texts: [0] * len(texts))
        }
        assert labels, path.name
        assert {label for label in labels if (f"primer/{path.name}", label) not in known} == set(), path.name


@cache
def source_text(path: Path) -> str:
    if path.suffix == ".pdf":
        import pypdfium2

        with closing(pypdfium2.PdfDocument(path)) as pages:
            return plain(" ".join(page.get_textpage().get_text_bounded() for page in pages))
    return plain(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", sorted({fact["document"] for fact in FACTS}))
def test_the_source_holds_what_each_paragraph_rests_on(document: str, shared: Path):
    rows = [fact for fact in FACTS if fact["document"] == document]
    missing = [
        (fact["paragraph"], needle)
        for fact in rows
        for needle in fact["needles"]
        if plain(needle) not in source_text(shared / "corpus" / fact["source"])
    ]
    assert missing == []
