"""The questions that `lab list` shows: kept while a folder is as it was, and never past that."""

import os
import sys
from pathlib import Path

import pytest

from lab import registry
from lab.questions import questions

SOURCE = (
    "from lab import Experiment\nexperiment = Experiment(question={!r}, grid={{'a': [1]}}, measure=print)\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(SOURCE.format(f"Question {name}?"))
    return tmp_path


@pytest.fixture
def loaded(monkeypatch):
    """The names of the experiments that were imported."""
    names, find = [], registry.find

    def noted(path):
        names.append(Path(path).name)
        return find(path)

    monkeypatch.setattr(registry, "find", noted)
    return names


BOTH = {"one": "Question one?", "two": "Question two?"}


def test_a_second_listing_imports_nothing(folder, loaded):
    assert questions(folder) == (BOTH, [])
    assert loaded == ["one.py", "two.py"]
    assert questions(folder) == (BOTH, [])
    assert loaded == ["one.py", "two.py"]


@pytest.mark.parametrize("name", ["two.py", "three.py", "_helper.py"])
def test_once_a_file_has_changed_or_come_all_are_asked_again(folder, loaded, name):
    questions(folder)
    (folder / name).write_text(SOURCE.format("Another question?"))
    asked, faults = questions(folder)
    assert asked == BOTH | ({} if name == "_helper.py" else {name[:-3]: "Another question?"})
    assert faults == []
    assert loaded[2:] == [f"{each}.py" for each in sorted(asked)]


def test_a_file_that_went_is_not_listed(folder):
    questions(folder)
    (folder / "one.py").unlink()
    assert questions(folder) == ({"two": "Question two?"}, [])


def test_once_a_package_has_come_or_gone_all_are_asked_again(folder, loaded, monkeypatch):
    packages = folder / "site-packages"
    packages.mkdir()
    monkeypatch.syspath_prepend(str(packages))
    (packages / "wanted.py").touch()
    (folder / "one.py").write_text("import wanted\n" + SOURCE.format("Question one?"))
    assert questions(folder) == (BOTH, [])
    (packages / "wanted.py").unlink()
    os.utime(packages, ns=(0, 0))  # as any time but that of before
    monkeypatch.delitem(sys.modules, "wanted")
    asked, (fault,) = questions(folder)
    assert asked == {"two": "Question two?"}
    assert "one.py: does not import: ModuleNotFoundError" in str(fault)


def test_what_an_editor_leaves_in_the_folder_is_no_experiment(folder):
    (folder / ".#one.py").symlink_to("somebody@nowhere")
    (folder / "gone.py").symlink_to("nowhere.py")
    (folder / "named.py").mkdir()
    assert questions(folder) == (BOTH, [])


def test_a_fault_is_told_by_every_listing(folder, loaded):
    (folder / "bad.py").write_text("import nowhere_to_be_found\n")
    for _ in range(2):
        asked, faults = questions(folder)
        assert asked == BOTH
        assert ["bad.py: does not import: ModuleNotFoundError" in str(each) for each in faults] == [True]
    assert loaded == ["bad.py", "one.py", "two.py", "bad.py"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"files": 1}'])
def test_what_was_kept_and_is_damaged_is_made_again(folder, damage):
    questions(folder)
    (kept,) = (folder / "__pycache__").glob("questions.*.json")
    kept.write_text(damage)
    assert questions(folder) == (BOTH, [])
    assert questions(folder) == (BOTH, [])


def test_where_python_keeps_no_code_nothing_is_kept(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert questions(folder) == (BOTH, [])
    assert not (folder / "__pycache__").exists()


def test_where_nothing_can_be_written_the_questions_are_there_all_the_same(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # else the interpreter makes the folder
    (folder / "__pycache__").write_text("a file, in which no file can be")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert questions(folder) == (BOTH, [])
