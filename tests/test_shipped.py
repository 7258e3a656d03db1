import pytest

from rag_ft import shipped
from rag_ft.errors import PathNotFoundError


def test_presets_questions_and_sources_are_found_in_a_checkout():
    assert (shipped.configs_folder() / "full-small.yaml").is_file()
    assert (shipped.eval_folder() / "primer.jsonl").is_file()
    assert shipped.sources_file().is_file()


def test_a_wheels_copy_comes_first(tmp_path, monkeypatch):
    (tmp_path / "shipped" / "configs").mkdir(parents=True)
    (tmp_path / "configs").mkdir()
    monkeypatch.setattr(shipped, "_PLACES", (tmp_path / "shipped", tmp_path))
    assert shipped.configs_folder() == tmp_path / "shipped" / "configs"
    with pytest.raises(PathNotFoundError, match="data/eval: not part of this installation"):
        shipped.eval_folder()
