"""One build: sources compared with the last generation, and a new one written where they differ."""

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rag_ft.errors import NothingToIndexError, UsageError
from rag_ft.indexing.embedding_queue import discard_queue
from rag_ft.indexing.generation import GenerationBuild
from rag_ft.indexing.plan import Plan, Planner
from rag_ft.indexing.previous import Previous, known_roots, previous_generation
from rag_ft.indexing.report import BuildReport, Progress, make_report
from rag_ft.indexing.scanning import resolve_roots, scan
from rag_ft.parsing import SUPPORTED_SUFFIXES
from rag_ft.retrieval.encoder import DEFAULT_ENCODER, Encoder, load_encoder
from rag_ft.retrieval.model_folder import find_model_folder
from rag_ft.retrieval.passage_index import PassageIndex, encoder_mismatch
from rag_ft.retrieval.store import IndexFolder
from rag_ft.schema import Document

Sources = Iterable[str | Path] | Iterable[Document]


def build_index(
    sources: Sources | str | Path | None,
    index_dir: str | Path,
    encoder: Encoder | None = None,
    *,
    prune: bool = False,
    rebuild: bool = False,
    offline: bool = False,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> PassageIndex:
    """Add documents to an index, or update them, and open it.

    Takes what `update_index` takes, and raises what it raises.
    """
    update_index(
        sources,
        index_dir,
        encoder,
        prune=prune,
        rebuild=rebuild,
        offline=offline,
        wait=wait,
        progress=progress,
    )
    return PassageIndex.load(index_dir, encoder, offline=offline)


def update_index(
    sources: Sources | str | Path | None,
    index_dir: str | Path,
    encoder: Encoder | None = None,
    *,
    encoder_name: str | None = None,
    prune: bool = False,
    rebuild: bool = False,
    offline: bool = False,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring an index up to date with some files, folders or documents.

    What is unchanged, by the hash of its content, is carried over: neither parsed nor
    embedded. Where nothing changed no generation is written.

    Args:
        sources: paths, or Documents in memory; None refreshes the paths it knows.
        index_dir: the folder of the index, made where it is missing.
        encoder: what embeds; by default `encoder_name`, else the index's own, else MiniLM.
        encoder_name: a folder or a name on the hub, loaded only if something is to be embedded.
        prune: drop documents whose files are gone (of Documents in memory: those not given).
        rebuild: parse and embed everything anew.
        offline: never download an encoder.
        wait: seconds to wait for another build to end.
        progress: called as the build goes on.

    Raises:
        PathNotFoundError: a path does not exist.
        UsageError: two documents in memory have one id, or one has the id of a file's.
        NothingToIndexError: there is nothing that can be read.
        EncoderMismatchError: the index was made by another encoder; `rebuild` changes it.
        ModelUnavailableError: the encoder is not on this machine.
        IndexBusyError: another build is running.
        StoreError: the folder cannot be written, or the disk is full; the old index stays.
    """
    started = time.perf_counter()
    paths, documents = _told_apart(sources)
    given = resolve_roots(paths)
    folder = IndexFolder(index_dir)
    if sources is None and not folder.exists():
        raise UsageError(
            f"there is no index at {folder.path} to refresh: name the documents, `ragft index PATH`"
        )
    with folder.building(wait):
        roots = list(known_roots(folder)) if sources is None or not rebuild else []
        with previous_generation(folder, rebuild=rebuild) as previous:
            _check_encoder(previous, encoder, encoder_name, offline=offline)
            looked_at = roots if sources is None else given
            planner = Planner(previous, [*roots, *given], looked_at if prune else None)
            known = {record.path: record.document for record in previous.files.values()}
            taken = [*previous.in_memory, *(document.info.id for document in documents)]
            planner.files(scan(looked_at, known, taken, SUPPORTED_SUFFIXES))
            planner.documents(documents)
            plan = planner.finished()
            if not plan.steps:
                raise _nothing(plan, looked_at)
            if not plan.has_news and previous.manifest is not None:
                discard_queue(folder.path)  # of a build that was killed as its last act
                report = make_report(plan, previous.manifest)
            else:
                if encoder is None:
                    own = previous.manifest.encoder.name if previous.manifest else DEFAULT_ENCODER
                    encoder = load_encoder(encoder_name or own, offline=offline)
                try:
                    report = GenerationBuild(folder, previous, plan, encoder, progress).run()
                except (OSError, sqlite3.Error) as error:
                    raise folder.unwritable(error) from error
    return replace(report, seconds=time.perf_counter() - started)


def _told_apart(sources: Sources | str | Path | None) -> tuple[list[str | Path], list[Document]]:
    if sources is None:
        return [], []
    if isinstance(sources, str | Path):
        return [sources], []
    paths: list[str | Path] = []
    documents: list[Document] = []
    for source in sources:
        if isinstance(source, Document):
            documents.append(source)
        else:
            paths.append(source)
    if not paths and not documents:
        raise NothingToIndexError("no path and no document was given: name at least one")
    return paths, documents


def _check_encoder(previous: Previous, encoder: Encoder | None, name: str | None, *, offline: bool) -> None:
    """Refuse another encoder than the index's own, before anything is parsed or loaded."""
    if previous.manifest is None:
        return
    own = previous.manifest.encoder
    if encoder is not None and not encoder.identity.agrees_with(own):
        raise encoder_mismatch(own, encoder.identity)
    if encoder is None and name is not None and name != own.name:
        found = find_model_folder(name, offline=offline)
        if found.weights_sha256 != own.weights_sha256:
            raise encoder_mismatch(own, replace(own, name=found.name, weights_sha256=found.weights_sha256))


def _nothing(plan: Plan, looked_at: list[Path]) -> NothingToIndexError:
    if plan.removed:
        return NothingToIndexError(
            f"all {len(plan.removed)} documents of the index are gone from the disk: check that their folder "
            "is there; to be rid of the index remove its folder"
        )
    where = ", ".join(str(path) for path in looked_at) or "what was given"
    return NothingToIndexError(
        f"{where}: no file that can be read ({', '.join(sorted(SUPPORTED_SUFFIXES))}): name other paths"
    )
