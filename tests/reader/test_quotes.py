from datetime import date

from rag_ft.reader.quotes import QuoteReader, passage_quotes
from rag_ft.schema import DocumentInfo, Passage, Span


def make_passage(*parts: str, label: str = "6.3(b)", title: str = "Rules for banks") -> Passage:
    spans, offset = [], 0
    for part in parts:
        spans.append(Span(offset, offset + len(part)))
        offset += len(part) + 1
    info = DocumentInfo("rules.md", title, revised=date(2025, 6, 30))
    return Passage(f"id-{label}", info, label, "", tuple(spans), "\n".join(parts))


def test_a_limb_is_quoted_with_the_words_that_lead_it_in():
    passage = make_passage("A bank must check a customer when:", "it moves more than S$20,000.")
    assert [q.text for q in passage_quotes(passage)] == [
        "A bank must check a customer when: it moves more than S$20,000."
    ]


def test_a_lead_in_alone_is_no_quote_unless_it_is_all_there_is():
    assert [q.text for q in passage_quotes(make_passage("It must not.", "A bank may, where:"))] == [
        "It must not."
    ]
    assert [q.text for q in passage_quotes(make_passage("A bank may, where:"))] == ["A bank may, where:"]


def test_the_sentence_that_answers_comes_first_with_its_mark(fake_encoder):
    passages = [
        make_passage("Cats sleep all day long. Dogs bark all through the night.", label="1"),
        make_passage("Records are kept for 5 years. The moon is far from here.", label="2"),
    ]
    best = QuoteReader(fake_encoder).propose("How long are records kept?", passages, 2)[0]
    assert best.text == "Records are kept for 5 years. [2]"
    assert best.origin == "quote"


def test_suppressed_names_are_not_quoted(fake_encoder):
    passages = [make_passage("Acme Bank keeps all its records. Records are kept for 5 years.")]
    texts = [
        c.text for c in QuoteReader(fake_encoder).propose("Who keeps records?", passages, 4, ["Acme Bank"])
    ]
    assert texts == ["Records are kept for 5 years. [1]"]


def test_no_passage_gives_no_quote(fake_encoder):
    assert QuoteReader(fake_encoder).propose("Who?", [], 3) == []


def test_a_title_is_no_answer(fake_encoder):
    passages = [make_passage("Records Notice"), make_passage("Records are kept for 5 years.", label="2")]
    texts = [c.text for c in QuoteReader(fake_encoder).propose("Records notice?", passages, 4)]
    assert texts == ["Records are kept for 5 years. [2]"]
