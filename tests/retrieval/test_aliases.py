"""Short names, found and used both ways."""

from pathlib import Path

import pytest

from rag_ft.errors import IndexCorruptError
from rag_ft.retrieval.aliases import Expander, find_aliases, load_aliases, save_aliases
from rag_ft.schema import Alias, DocumentInfo, Passage

INFO = DocumentInfo("d", "D")


def found(text: str) -> list[tuple[str, str]]:
    return [(a.alias, a.name) for a in find_aliases([Passage("p", INFO, "2.1", "", (), text)])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Each major payment institution (“MPI”) pays.", [("MPI", "major payment institution")]),
        ("It performs customer due diligence (CDD) first.", [("CDD", "customer due diligence")]),
        (
            "Domestic systemically important banks (D-SIBs) hold more.",
            [("D-SIB", "Domestic systemically important banks")],
        ),
        (
            "“Authority” means the Green Board of Trade established in 1900;",
            [("Authority", "Green Board of Trade")],
        ),
        ("The bank (see Annex) pays (A) and (iv).", []),
        ("The bank (XYZ) pays.", []),
    ],
)
def test_definitions(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_expansion_goes_both_ways() -> None:
    expander = Expander([Alias("MPI", "major payment institution"), Alias("Authority", "Board of Trade")])
    assert expander.expansion("What must MPIs hold?") == "major payment institution"
    assert expander.expansion("What must a Major Payment Institution hold?") == "MPI"
    assert expander.expansion("What does the Authority want?") == ""


def test_aliases_are_kept_on_disk(tmp_path: Path) -> None:
    aliases = (Alias("MPI", "major payment institution", "2.1"), Alias("CDD", "due diligence"))
    save_aliases(aliases, tmp_path / "aliases.json")
    assert load_aliases(tmp_path / "aliases.json") == aliases
    (tmp_path / "aliases.json").write_text("[1]")
    with pytest.raises(IndexCorruptError, match="status --check"):
        load_aliases(tmp_path / "aliases.json")
