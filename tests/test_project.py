"""The promises of the project as a whole: names, pins, licence, import cost."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import rag_ft

ROOT = Path(__file__).resolve().parent.parent


def test_public_names_are_pinned():
    assert rag_ft.__all__ == [
        "PassageIndex",
        "Pipeline",
        "TrainingConfig",
        "build_index",
        "evaluate",
        "load_reader",
        "make_examples",
        "train_reader",
    ]


@pytest.mark.parametrize("name", rag_ft.__all__)
def test_public_names_load(name: str):
    assert callable(getattr(rag_ft, name))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        rag_ft.nonsense  # noqa: B018


def test_constraints_pin_torch_and_no_local_version():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [pin for pin in pins if pin and not pin.startswith("#")]
    assert "torch==2.13.0" in pins
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", pin)] == []


def test_importing_the_package_loads_no_heavy_library():
    code = (
        "import sys, rag_ft, rag_ft.cli;"
        "heavy = {'torch', 'transformers', 'faiss', 'sentence_transformers', 'peft', 'numpy', 'pydantic'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_asking_loads_neither_torch_nor_what_only_downloads():
    code = (
        "import sys, rag_ft.cli.answering; "
        "extra = {'torch', 'transformers', 'yaml', 'urllib.request', 'http.client'}; "
        "print(sorted(extra & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_no_file_of_the_package_is_past_400_lines():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "rag_ft").rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}
