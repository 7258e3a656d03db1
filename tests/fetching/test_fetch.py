"""Downloads from a server that misbehaves in every way we could think of."""

import json
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import yaml

from rag_ft.errors import ConfigError, FetchError, UsageError
from rag_ft.fetching import FetchedFile, Limits, Source, Sources, fetch_sources, fetched_record, load_sources
from tests.fetching.conftest import Server, reply

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 200
QUICK = Limits(bytes=1_000_000, seconds=3.0, silence=1.0, delay=0.01, redirects=3, attempts=3)


def listed(server: Server, *paths: str, suffix: str = "pdf") -> Sources:
    sources = tuple(
        Source(
            file=f"{path.strip('/')}.{suffix}",
            url=server.base + path,
            title=f"Notice {number}",
            kind="notice",
            number=str(600 + number),
        )
        for number, path in enumerate(paths)
    )
    return Sources(hosts=(server.host,), sources=sources)


def fetch(sources: Sources, folder: Path, limits: Limits = QUICK) -> list[FetchedFile]:
    return list(fetch_sources(sources, folder, limits=limits, allow_loopback=True).files)


def pdf(body: bytes = PDF, **headers: str):
    return reply(200, body, Content_Type="application/pdf", **headers)


def test_a_file_its_sidecar_and_its_record(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = pdf(ETag='"v1"', Last_Modified="Mon, 30 Jun 2025 00:00:00 GMT")
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done == FetchedFile("a.pdf", "new", len(PDF))
    assert (tmp_path / "a.pdf").read_bytes() == PDF
    assert yaml.safe_load((tmp_path / "a.pdf.yaml").read_text()) == {
        "title": "Notice 0",
        "kind": "notice",
        "number": "600",
        "variant": "clean",
        "source": f"{server.base}/a",
    }
    record = fetched_record(tmp_path / "a.pdf")
    assert record is not None
    assert (record.url, record.size, record.etag) == (f"{server.base}/a", len(PDF), '"v1"')
    assert record.sha256 == json.loads((tmp_path / "fetched.json").read_text())["a.pdf"]["sha256"]
    assert record.checked_at.utcoffset() is not None
    assert not list(tmp_path.glob("*.part*"))
    assert fetched_record(tmp_path / "other.pdf") is None


def test_what_is_unchanged_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = pdf(ETag='"v1"', Last_Modified="Mon, 30 Jun 2025 00:00:00 GMT")
    fetch(listed(server, "/a"), tmp_path)
    before = (tmp_path / "a.pdf").stat().st_mtime_ns
    server.behaviours["/a"] = reply(304)
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done.outcome == "unchanged"
    assert (tmp_path / "a.pdf").stat().st_mtime_ns == before
    _, headers = server.asked[-1]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Mon, 30 Jun 2025 00:00:00 GMT"


def test_a_lost_or_altered_file_is_fetched_whole(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = pdf(ETag='"v1"')
    fetch(listed(server, "/a"), tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"altered")
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert "if-none-match" not in server.asked[-1][1]
    assert (tmp_path / "a.pdf").read_bytes() == PDF
    assert done.outcome == "changed"


def test_a_changed_document_replaces_the_old_one(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = pdf(ETag='"v1"')
    fetch(listed(server, "/a"), tmp_path)
    server.behaviours["/a"] = pdf(PDF + b"more", ETag='"v2"')
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done == FetchedFile("a.pdf", "changed", len(PDF) + 4)


def test_one_failure_loses_no_other(server: Server, tmp_path: Path) -> None:
    server.behaviours["/b"] = pdf()
    first, second = fetch(listed(server, "/a", "/b"), tmp_path)
    assert (first.outcome, second.outcome) == ("failed", "new")
    assert "answers 404: check the address" in first.why


def test_a_download_that_broke_off_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    half = len(PDF) // 2

    def breaking(handler: BaseHTTPRequestHandler) -> None:
        if "Range" in handler.headers:
            assert handler.headers["Range"] == f"bytes={half}-"
            assert handler.headers["If-Range"] == '"v1"'
            span = f"bytes {half}-{len(PDF) - 1}/{len(PDF)}"
            reply(206, PDF[half:], Content_Type="application/pdf", Content_Range=span, ETag='"v1"')(handler)
        else:
            pdf(PDF[:half], ETag='"v1"', Content_Length=str(len(PDF)))(handler)

    server.behaviours["/a"] = breaking
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done == FetchedFile("a.pdf", "new", len(PDF))
    assert (tmp_path / "a.pdf").read_bytes() == PDF


def test_the_next_run_goes_on_too(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = pdf(PDF[:1000], ETag='"v1"', Content_Length=str(len(PDF)))
    once = Limits(bytes=1_000_000, seconds=3.0, silence=1.0, delay=0.01, attempts=1)
    (done,) = fetch(listed(server, "/a"), tmp_path, once)
    assert f"broke off after 1000 of {len(PDF)} bytes" in done.why
    assert not (tmp_path / "a.pdf").exists()
    span = f"bytes 1000-{len(PDF) - 1}/{len(PDF)}"
    server.behaviours["/a"] = reply(
        206, PDF[1000:], Content_Type="application/pdf", Content_Range=span, ETag='"v1"'
    )
    (done,) = fetch(listed(server, "/a"), tmp_path, once)
    assert (tmp_path / "a.pdf").read_bytes() == PDF


def test_a_version_that_changed_in_between_is_begun_anew(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = pdf(PDF[:1000], ETag='"v1"', Content_Length=str(len(PDF)))
    once = Limits(bytes=1_000_000, seconds=3.0, silence=1.0, delay=0.01, attempts=1)
    fetch(listed(server, "/a"), tmp_path, once)
    other = b"%PDF-2.0 another version"
    server.behaviours["/a"] = pdf(other, ETag='"v2"')
    fetch(listed(server, "/a"), tmp_path, once)
    assert (tmp_path / "a.pdf").read_bytes() == other


@pytest.mark.parametrize(
    ("status", "headers"),
    [(416, {}), (206, {"Content_Range": "bytes 7-20/21", "Content_Type": "application/pdf"})],
)
def test_a_range_that_is_answered_wrongly_is_begun_anew(
    server: Server, tmp_path: Path, status: int, headers: dict[str, str]
) -> None:
    server.behaviours["/a"] = pdf(PDF[:1000], ETag='"v1"', Content_Length=str(len(PDF)))
    fetch(listed(server, "/a"), tmp_path, Limits(seconds=3.0, silence=1.0, delay=0.01, attempts=1))

    def confused(handler: BaseHTTPRequestHandler) -> None:
        (reply(status, b"x" * 14, **headers) if "Range" in handler.headers else pdf())(handler)

    server.behaviours["/a"] = confused
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done.outcome == "new"
    assert (tmp_path / "a.pdf").read_bytes() == PDF


def test_a_passing_failure_is_tried_again(server: Server, tmp_path: Path) -> None:
    answers = [reply(503, Retry_After="0"), reply(429), pdf()]
    server.behaviours["/a"] = lambda handler: answers.pop(0)(handler)
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done.outcome == "new"
    assert server.paths().count("/a") == 3


def test_a_server_that_asks_for_an_hour_is_left_alone(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = reply(503, Retry_After="3600")
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert "answers 503" in done.why
    assert server.paths().count("/a") == 1


def test_the_wrong_type_is_refused(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = reply(200, b"<html>Sign in</html>", Content_Type="text/html; charset=utf-8")
    server.behaviours["/b"] = reply(200, b"<html>Sign in</html>", Content_Type="application/pdf")
    first, second = fetch(listed(server, "/a", "/b"), tmp_path)
    assert "sends text/html, and a.pdf should be application/pdf" in first.why
    assert "sends something else than .pdf" in second.why
    assert not list(tmp_path.glob("*.pdf"))


def test_a_page_is_taken_as_html(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = reply(200, b"\xef\xbb\xbf<!DOCTYPE html><p>Act", Content_Type="text/html")
    (done,) = fetch(listed(server, "/a", suffix="html"), tmp_path)
    assert done.outcome == "new"


def test_an_endless_file_is_stopped_at_the_limit(server: Server, tmp_path: Path) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/pdf")
        handler.end_headers()
        with suppress(OSError):
            handler.wfile.write(b"%PDF-1.7")
            while True:
                handler.wfile.write(b"0" * 65536)

    server.behaviours["/a"] = endless
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert "sends more than 1.0 MB: raise --max-mb" in done.why
    assert (tmp_path / "a.pdf.part").stat().st_size <= QUICK.bytes


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_dripping_server_is_cut_off(server: Server, tmp_path: Path, part: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            if part == "body":
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-")
            for _ in range(100):
                handler.wfile.write(b"H")
                handler.wfile.flush()
                time.sleep(0.1)

    server.behaviours["/a"] = drip
    started = time.perf_counter()
    (done,) = fetch(listed(server, "/a"), tmp_path, Limits(seconds=0.6, silence=0.5, delay=0.01))
    assert "took too long" in done.why
    assert time.perf_counter() - started < 5.0


def test_a_silent_server_is_given_up(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = lambda _: time.sleep(3)
    (done,) = fetch(listed(server, "/a"), tmp_path, Limits(seconds=10.0, silence=0.2, delay=0.01, attempts=2))
    assert "cannot be read: timed out" in done.why
    assert server.paths().count("/a") == 2


def test_redirects_are_followed_within_the_hosts(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = reply(302, Location="/b")
    server.behaviours["/b"] = pdf()
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done.outcome == "new"
    record = fetched_record(tmp_path / "a.pdf")
    assert record is not None
    assert record.final_url == f"{server.base}/b"


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://10.0.0.1/secret.pdf", "10.0.0.1 is not among the hosts"),
        ("https://example.org/a.pdf", "example.org is not among the hosts"),
        ("http://localhost/a.pdf", "localhost is not among the hosts"),
        ("file:///etc/passwd", "no host is not among the hosts"),
        ("ftp://127.0.0.1/a.pdf", "cannot|not https"),
        ("/a", "more than 3 redirects"),
    ],
)
def test_other_redirects_are_refused(server: Server, tmp_path: Path, target: str, why: str) -> None:
    server.behaviours["/a"] = reply(302, Location=target)
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert done.outcome == "failed"
    assert any(part in done.why for part in why.split("|"))


def test_a_redirect_to_nowhere_is_refused(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = reply(302)
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert "redirects to nowhere" in done.why


def test_robots_are_obeyed(server: Server, tmp_path: Path) -> None:
    server.behaviours["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /*.secret$\nCrawl-delay: 0.2\n")
    server.behaviours["/a.secret"] = pdf()
    server.behaviours["/b"] = pdf()
    server.behaviours["/c"] = pdf()
    started = time.perf_counter()
    first, second, third = fetch(listed(server, "/a.secret", "/b", "/c"), tmp_path)
    assert "forbidden by the host's robots.txt" in first.why
    assert (second.outcome, third.outcome) == ("new", "new")
    assert server.paths() == ["/robots.txt", "/b", "/c"]
    assert time.perf_counter() - started >= 0.4


def test_a_host_without_readable_robots_is_left_alone(server: Server, tmp_path: Path) -> None:
    server.behaviours["/robots.txt"] = reply(500)
    server.behaviours["/a"] = pdf()
    (done,) = fetch(listed(server, "/a"), tmp_path)
    assert "robots.txt answers 500: the host is left alone" in done.why
    assert "/a" not in server.paths()


def test_loopback_is_refused_by_default(server: Server, tmp_path: Path) -> None:
    server.behaviours["/a"] = pdf()
    report = fetch_sources(listed(server, "/a"), tmp_path, limits=QUICK)
    assert [file.outcome for file in report.failed] == ["failed"]
    assert "is not https" in report.failed[0].why
    assert server.asked == []


def test_a_full_disk_is_one_clear_line(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.behaviours["/a"] = pdf()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag_ft.fetching.fetch.os.fsync", full)
    with pytest.raises(FetchError, match=r"cannot be written: No space left on device: .*--to"):
        fetch(listed(server, "/a"), tmp_path)
    assert not (tmp_path / "a.pdf").exists()


def test_only_what_is_named(server: Server, tmp_path: Path) -> None:
    server.behaviours["/b"] = pdf()
    sources = listed(server, "/a", "/b")
    report = fetch_sources(sources, tmp_path, only=["b.pdf"], limits=QUICK, allow_loopback=True)
    assert [file.file for file in report.files] == ["b.pdf"]
    with pytest.raises(UsageError, match=r"c\.pdf is not in the list"):
        fetch_sources(sources, tmp_path, only=["c.pdf"], limits=QUICK, allow_loopback=True)


def test_the_shipped_list_is_right() -> None:
    sources = load_sources()
    assert set(sources.hosts) == {"www.mas.gov.sg", "sso.agc.gov.sg"}
    files = {source.file: source for source in sources.sources}
    assert files["masa-1970.html"].metadata["source"] == "https://sso.agc.gov.sg/Act/MASA1970"
    assert files["mas-notice-626-2025-06-30.pdf"].number == "626"
    assert all(source.url.startswith("https://") for source in sources.sources)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"file": "../a.pdf"}, "file"),
        ({"file": "a.exe"}, "file"),
        ({"url": "https://example.org/a.pdf"}, "example.org is not among hosts"),
        ({"kind": "novel"}, "kind"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_list_is_refused(tmp_path: Path, change: dict[str, str], why: str) -> None:
    entry = {"file": "a.pdf", "url": "https://www.mas.gov.sg/a.pdf", "title": "A", "kind": "notice"}
    path = tmp_path / "sources.yaml"
    path.write_text(yaml.safe_dump({"hosts": ["www.mas.gov.sg"], "sources": [{**entry, **change}]}))
    with pytest.raises(ConfigError, match=why):
        load_sources(path)
    path.write_text(yaml.safe_dump({"hosts": ["www.mas.gov.sg"], "sources": [entry, entry]}))
    with pytest.raises(ConfigError, match="two sources have the file name"):
        load_sources(path)
