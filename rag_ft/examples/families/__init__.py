"""Families of questions: what a passage's own structure lets us ask, with the words to ask it."""

from collections.abc import Callable, Iterator, Mapping

from rag_ft.examples.drafts import Ask
from rag_ft.examples.families import (
    definitions,
    duties,
    figures,
    lists,
    names,
    penalties,
    policy,
    premises,
    references,
    scope,
    told,
    truths,
)
from rag_ft.examples.families.reading import Reading

Family = Callable[[Reading], Iterator[Ask]]

FINDERS: tuple[Family, ...] = (
    definitions.definitions,
    duties.duties,
    figures.figures,
    lists.lists,
    names.names,
    penalties.penalties,
    policy.policy,
    premises.premises,
    references.references,
    scope.scope,
    told.told,
    truths.truths,
)
_MODULES = (
    definitions,
    duties,
    figures,
    lists,
    names,
    penalties,
    policy,
    premises,
    references,
    scope,
    told,
    truths,
)
# The words of the questions, by family; a template is used where all its slots are filled.
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    family: templates for module in _MODULES for family, templates in module.TEMPLATES.items()
}
