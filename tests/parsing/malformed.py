"""Files that are broken on purpose, from a seed: the same files every time."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx

from tests.parsing.pdf_making import Bar, Put, make_pdf

Maker = Callable[[random.Random, Path], Path]


def make_files(folder: Path, count: int, seed: int, pages: int) -> list[Path]:
    """Write `count` broken files; the first PDF of many pages has `pages` of them."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    sound = {"pdf": _sound_pdf(folder), "docx": _sound_word(folder)}
    makers: list[Maker] = [
        *(_damaged(content, f".{suffix}", how) for suffix, content in sound.items() for how in _DAMAGES),
        *_FILES,
    ]
    paths = [_many_pages(folder, pages)]
    while len(paths) < count:
        maker = makers[len(paths) % len(makers)]
        paths.append(maker(rng, folder / f"file{len(paths):04d}"))
    return paths


def _sound_pdf(folder: Path) -> bytes:
    lines = [
        Put(72, 740 - 20 * at, f"{at}.{at} Rule {at} holds where a maker counts its lids.")
        for at in range(1, 30)
    ]
    bars = [Bar(100, 100 - 20 * at, 300, 0.5) for at in range(4)]
    return make_pdf(folder / "sound.pdf", [[*lines, *bars]] * 3).read_bytes()


def _sound_word(folder: Path) -> bytes:
    document = docx.Document()
    for at in range(1, 40):
        document.add_paragraph(f"{at} Rule {at} holds where a maker counts its lids.")
    document.add_table(rows=3, cols=3).cell(0, 0).text = "Kind"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _many_pages(folder: Path, pages: int) -> Path:
    """Write a PDF by hand: pdfium takes minutes to make this many pages."""
    kids = " ".join(f"{4 + at} 0 R" for at in range(pages))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F<</Type/Font"
    page += "/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    words = "BT /F 11 Tf 72 700 Td (1.1 A maker counts its lids.) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>",
        f"<</Length {len(words)}>>stream\n{words}\nendstream",
        *[page] * pages,
    ]
    body, places = "%PDF-1.4\n", []
    parts = [body]
    length = len(body)
    for number, item in enumerate(objects, 1):
        places.append(length)
        part = f"{number} 0 obj{item}endobj\n"
        parts.append(part)
        length += len(part)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    parts.append(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}")
    parts.append(f"trailer<</Root 1 0 R/Size {len(objects) + 1}>>\nstartxref\n{length}\n%%EOF")
    path = folder / "many-pages.pdf"
    path.write_bytes("".join(parts).encode("ascii"))
    return path


def _damaged(content: bytes, suffix: str, how: Callable[[random.Random, bytes], bytes]) -> Maker:
    def make(rng: random.Random, path: Path) -> Path:
        return _write(path, suffix, how(rng, content))

    return make


def _write(path: Path, suffix: str, content: bytes) -> Path:
    path = path.with_suffix(suffix)
    path.write_bytes(content)
    return path


def _truncated(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(1, len(content))]


def _flipped(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 5, 50])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _shuffled(rng: random.Random, content: bytes) -> bytes:
    parts = [content[at : at + 64] for at in range(0, len(content), 64)]
    rng.shuffle(parts)
    return content[:64] + b"".join(parts)


_DAMAGES = (_truncated, _flipped, _shuffled)


def _word_bomb(rng: random.Random, path: Path) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * 201_000_000)
    return _write(path, ".docx", buffer.getvalue())


def _gzip_bomb(rng: random.Random, path: Path) -> Path:
    path = path.with_name(f"{path.name}.jsonl.gz")
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(60):
            file.write(b" " * 1_000_000)
    return path


def _deep_html(rng: random.Random, path: Path) -> Path:
    depth = rng.choice([500, 5_000, 100_000])
    tag = rng.choice(["div", "table><tr><td", "span", "ul><li"])
    return _write(path, ".html", (f"<html><body>{f'<{tag}>' * depth}1.1 A maker counts.").encode())


def _deep_json(rng: random.Random, path: Path) -> Path:
    return _write(path, ".jsonl", b'{"title": ' + b"[" * 100_000 + b"\n")


def _odd_json(rng: random.Random, path: Path) -> Path:
    row = rng.choice(
        [{"title": 1}, [], None, {"title": "A", "short": "B", "provisions": 3}, {"provisions": [1]}]
    )
    return _write(path, ".jsonl", json.dumps(row).encode())


def _deep_markdown(rng: random.Random, path: Path) -> Path:
    mark = rng.choice([">", "- ", "[", "*", "1. "])
    return _write(path, ".md", (mark * 50_000 + " words").encode())


def _odd_front_matter(rng: random.Random, path: Path) -> Path:
    bomb = "a: &a [x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(9)
    )
    front = rng.choice(
        [bomb, "title: " + "[" * 5_000, "title: !!python/object:os.system x", "kind: {a: 1}", "- x"]
    )
    return _write(path, ".md", f"---\n{front}\n---\n1.1 A maker counts.\n".encode())


def _endless_labels(rng: random.Random, path: Path) -> Path:
    return _write(path, ".txt", ("1.1 " + rng.choice(["(a)", "(1)", "(a) ", "1.", "i) "]) * 100_000).encode())


def _one_line(rng: random.Random, path: Path) -> Path:
    words = rng.choice(["“pot” ", "section 3(1)(a), (b) and ", "S$1 ", "A B C Act ", "[MAS Notice ", "x"])
    return _write(path, rng.choice([".txt", ".html", ".md"]), (words * 40_000).encode())


def _noise(rng: random.Random, path: Path) -> Path:
    suffix = rng.choice([".pdf", ".docx", ".txt", ".html", ".md", ".jsonl", ".jsonl.gz"])
    return _write(
        path.with_name(path.name + suffix),
        "." + suffix.rsplit(".", 1)[-1],
        rng.randbytes(rng.randrange(5_000)),
    )


def _wrong_suffix(rng: random.Random, path: Path) -> Path:
    head = rng.choice(
        [b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n", b"<html><body>x", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"]
    )
    return _write(path, rng.choice([".pdf", ".docx", ".txt", ".html", ".md"]), head + rng.randbytes(200))


_FILES: tuple[Maker, ...] = (
    _word_bomb,
    _gzip_bomb,
    _deep_html,
    _deep_json,
    _odd_json,
    _deep_markdown,
    _odd_front_matter,
    _endless_labels,
    _one_line,
    _noise,
    _wrong_suffix,
)
