"""Texts waiting to be embedded, on disk, so that a build that is killed goes on where it stood."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from rag_ft.retrieval.encoder import Encoder, EncoderIdentity, Vectors

QUEUE_NAME = "queue.sqlite"

# Texts embedded between two commits: what a kill can lose.
_WINDOW = 512


def input_hash(text: str) -> bytes:
    """Return the key of an embedded text: 16 bytes of BLAKE2b."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def discard_queue(folder: Path) -> None:
    """Remove the queue of an index folder, and what SQLite keeps beside it."""
    for name in (QUEUE_NAME, f"{QUEUE_NAME}-journal"):
        (folder / name).unlink(missing_ok=True)


class EmbeddingQueue:
    """Embeds each distinct text once, shortest first; vectors survive a crash of the build."""

    def __init__(self, folder: Path, identity: EncoderIdentity) -> None:
        self._folder = folder
        self._dimension = identity.dimension
        try:
            self._db = self._open(identity.weights_sha256)
        except sqlite3.DatabaseError:
            # What a crash of the machine left is worth nothing but time.
            discard_queue(folder)
            self._db = self._open(identity.weights_sha256)

    def add(self, texts: Iterable[tuple[bytes, str, int]]) -> None:
        """Queue texts: hash, text, length in tokens; what is known already is passed over."""
        self._db.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?, ?, NULL)", texts)

    def embed(self, encoder: Encoder, progress: Callable[[int, int], None]) -> int:
        """Embed what has no vector yet; returns how many texts that were."""
        self._db.commit()
        total = int(self._db.execute("SELECT count(*) FROM texts WHERE vector IS NULL").fetchone()[0])
        done = 0
        while window := self._db.execute(
            "SELECT hash, text FROM texts WHERE vector IS NULL ORDER BY n_tokens, hash LIMIT ?", (_WINDOW,)
        ).fetchall():
            vectors = encoder.encode([text for _, text in window])
            self._db.executemany(
                "UPDATE texts SET vector = ? WHERE hash = ?",
                [(vector.tobytes(), key) for (key, _), vector in zip(window, vectors, strict=True)],
            )
            self._db.commit()
            done += len(window)
            progress(done, total)
        return done

    def vectors(self, hashes: Sequence[bytes]) -> Vectors:
        """Return the vectors of embedded texts, `(len(hashes), dimension) float32`."""
        found = np.empty((len(hashes), self._dimension), dtype=np.float32)
        for position, key in enumerate(hashes):
            row = self._db.execute("SELECT vector FROM texts WHERE hash = ?", (key,)).fetchone()
            found[position] = np.frombuffer(row[0], dtype=np.float32)
        return found

    def close(self) -> None:
        """Keep the queue for the next build."""
        self._db.close()

    def discard(self) -> None:
        """Remove the queue: the generation that needed it is published."""
        self._db.close()
        discard_queue(self._folder)

    def _open(self, weights: str) -> sqlite3.Connection:
        db = sqlite3.connect(self._folder / QUEUE_NAME)
        (soundness,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if soundness != "ok":
            db.close()
            raise sqlite3.DatabaseError(soundness)
        db.execute("CREATE TABLE IF NOT EXISTS encoder (weights TEXT PRIMARY KEY) STRICT")
        if db.execute("SELECT weights FROM encoder").fetchall() not in ([], [(weights,)]):
            db.close()
            discard_queue(self._folder)
            return self._open(weights)
        db.execute("INSERT OR IGNORE INTO encoder VALUES (?)", (weights,))
        db.execute(
            "CREATE TABLE IF NOT EXISTS texts (hash BLOB PRIMARY KEY, text TEXT NOT NULL, "
            "n_tokens INTEGER NOT NULL, vector BLOB) STRICT, WITHOUT ROWID"
        )
        # What a killed build never embedded may not be wanted any more; what is will be queued again.
        db.execute("DELETE FROM texts WHERE vector IS NULL")
        db.execute("CREATE INDEX IF NOT EXISTS by_length ON texts (n_tokens, hash) WHERE vector IS NULL")
        db.commit()
        return db
