"""Names of institutions: known ones, patterns, documents' aliases, and the user's own list."""

from rag_ft.institutions.aliases import document_aliases, inline_aliases
from rag_ft.institutions.finding import Mention, find_institutions, find_other_names
from rag_ft.institutions.known import KNOWN_INSTITUTIONS, MAS, Institution, InstitutionKind
from rag_ft.institutions.listing import load_institutions
from rag_ft.institutions.names import name_key, same_name

__all__ = [
    "KNOWN_INSTITUTIONS",
    "MAS",
    "Institution",
    "InstitutionKind",
    "Mention",
    "document_aliases",
    "find_institutions",
    "find_other_names",
    "inline_aliases",
    "load_institutions",
    "name_key",
    "same_name",
]
