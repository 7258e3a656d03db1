"""A question what letters stand for finds the paragraph that says so."""

from pathlib import Path

from rag_ft.indexing import build_index
from tests.conftest import FakeEncoder


def test_the_paragraph_that_gives_the_meaning_comes_first(tmp_path: Path) -> None:
    (tmp_path / "policy.md").write_text(
        "# Policy\n\n"
        + "\n\n".join(
            f"{n}. The FCB stands for stable fruit, as the FCB said in year {n}." for n in range(1, 9)
        )
    )
    (tmp_path / "growers.md").write_text(
        "# Growers\n\n1. These rules are of the Fruit and Corn Board (the “FCB”).\n\n2. Growers register.\n"
    )
    index = build_index([tmp_path / "policy.md", tmp_path / "growers.md"], tmp_path / "index", FakeEncoder())
    [first] = index.search("What does FCB stand for?", k=1)
    assert (first.passage.document.title, first.passage.label) == ("Growers", "1")
    assert first.stages is not None
    assert first.stages.handle == 0.5
    [other] = index.search("What has the FCB said?", k=1)
    assert other.passage.document.title == "Policy"
