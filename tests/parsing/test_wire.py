from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rag_ft.parsing.wire import from_line, to_line
from rag_ft.schema import (
    Alias,
    Amendment,
    Document,
    DocumentInfo,
    Line,
    Page,
    Paragraph,
    Reference,
    Span,
)

texts = st.text(max_size=20)
spans = st.builds(Span, st.integers(0, 99), st.integers(0, 99))
dates = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
documents = st.builds(
    Document,
    info=st.builds(
        DocumentInfo,
        id=texts,
        title=texts,
        number=st.none() | texts,
        issued=dates,
        effective=dates,
        applies_to=st.tuples(texts),
    ),
    text=texts,
    paragraphs=st.lists(
        st.builds(
            Paragraph,
            label=texts,
            spans=st.lists(spans).map(tuple),
            parent=st.none() | st.integers(0, 9),
            heading=st.tuples(texts),
            pages=st.lists(st.integers(1, 9)).map(tuple),
            term=st.none() | texts,
            effective=dates,
            references=st.lists(st.builds(Reference, texts, st.none() | texts, st.none() | texts)).map(tuple),
            printed=st.none() | spans,
        )
    ).map(tuple),
    pages=st.lists(st.builds(Page, st.integers(1, 9), spans, st.booleans())).map(tuple),
    lines=st.lists(
        st.builds(Line, spans, st.integers(1, 9), st.tuples(*[st.floats(0, 900, width=32)] * 4))
    ).map(tuple),
    amendments=st.lists(
        st.builds(Amendment, st.sampled_from(["inserted", "deleted"]), texts, st.integers(1, 9), texts)
    ).map(tuple),
    aliases=st.lists(st.builds(Alias, texts, texts, st.none() | texts)).map(tuple),
    warnings=st.lists(texts).map(tuple),
)


@given(documents)
def test_a_document_comes_back_equal(document: Document) -> None:
    line = to_line(document)
    assert "\n" not in line
    assert from_line(line) == document
