"""Short names and long ones, each found by the other."""

from rag_ft.retrieval.expansion import Expander
from rag_ft.schema import Alias


def test_expansion_goes_both_ways() -> None:
    expander = Expander([Alias("MPI", "major payment institution"), Alias("Authority", "Board of Trade")])
    assert expander.expansion("What must MPIs hold?") == "major payment institution"
    assert expander.expansion("What must a Major Payment Institution hold?") == "MPI"
    assert expander.expansion("What does the Authority want?") == ""


def test_an_alias_has_two_names_at_most() -> None:
    expander = Expander([Alias("CDD", name) for name in ("due diligence", "care of clients", "a third")])
    assert expander.expansion("What is CDD?") == "due diligence care of clients"
