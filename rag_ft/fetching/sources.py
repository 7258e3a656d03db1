"""The list of documents to fetch: addresses, and what is known of each document."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from rag_ft.config import Settings
from rag_ft.schema import Kind
from rag_ft.shipped import sources_file

DEFAULT_SOURCES = Path("data/sources.yaml")

# The media types that a file name promises, and the first bytes of such a file.
MEDIA_TYPES = {
    ".pdf": (("application/pdf", "application/octet-stream"), b"%PDF-"),
    ".html": (("text/html", "application/xhtml+xml"), b"<"),
}


class Source(Settings):
    """One document; `url` is fetched, `source` is what answers cite where it differs."""

    file: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*\.(pdf|html)$")]
    url: str
    title: str
    kind: Kind
    number: str | None = None
    issued: date | None = None
    revised: date | None = None
    effective: date | None = None
    variant: Literal["clean", "tracked"] = "clean"
    source: str | None = None

    @property
    def suffix(self) -> str:
        """The ending of the file's name, which says what it must hold."""
        return Path(self.file).suffix

    @property
    def metadata(self) -> dict[str, object]:
        """What is declared of the document, for the side-car beside the file."""
        known = self.model_dump(mode="json", exclude={"file", "url", "source"}, exclude_none=True)
        return {**known, "source": self.source or self.url}


class Sources(Settings):
    """The list, and the hosts that may be asked; a redirect elsewhere is refused."""

    hosts: tuple[str, ...]
    sources: tuple[Source, ...]

    @field_validator("sources")
    @classmethod
    def _names_are_unique(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [source.file for source in sources]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two sources have the file name {twice[0]}")
        return sources

    @model_validator(mode="after")
    def _hosts_are_listed(self) -> "Sources":
        for source in self.sources:
            host = urlsplit(source.url).hostname
            if host not in self.hosts:
                raise ValueError(f"{source.file}: {host} is not among hosts")
        return self


def load_sources(path: str | Path | None = None) -> Sources:
    """Read a list of sources; by default data/sources.yaml, else the list that ragft ships.

    Raises:
        ConfigError: the file is missing or wrong; every fault is named.
    """
    if path is None:
        path = DEFAULT_SOURCES if DEFAULT_SOURCES.is_file() else sources_file()
    return Sources.from_yaml(path)
