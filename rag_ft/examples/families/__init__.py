"""Families of questions: what a passage's own structure lets us ask, with the words to ask it."""

from collections.abc import Callable, Iterator, Mapping

from rag_ft.examples.drafts import Ask
from rag_ft.examples.families import definitions, duties
from rag_ft.examples.families.reading import Reading

Family = Callable[[Reading], Iterator[Ask]]

FINDERS: tuple[Family, ...] = (definitions.definitions, duties.duties)
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    name: templates for module in (definitions, duties) for name, templates in module.TEMPLATES.items()
}
