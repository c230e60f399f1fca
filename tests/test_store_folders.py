"""A finished result is only ever replaced by a finished one, and a folder is written by one run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from builders import new_writer, sample, trial

from lab.core.errors import LabError
from lab.store.folders import ResultsFolder
from lab.store.reading import read


@pytest.fixture
def store(tmp_path: Path) -> ResultsFolder:
    return ResultsFolder(tmp_path / "results")


def grow(store: ResultsFolder, makespan_s: float, *, start: bool = True) -> None:
    folder = store.start("made") if start else store.partial("made")
    new_writer(folder).add(trial(), [sample(makespan_s=makespan_s)])


def measured(folder: Path) -> float:
    number: float = read(folder).samples["makespan_s"].item()
    return number


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class CrashError(Exception):
    pass


def crash_at_rename(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die, as it were, instead of the rename of that number from now."""
    rename, calls = Path.rename, []

    def counted(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == number:
            raise CrashError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", counted)


def test_a_result_that_grows_is_not_yet_the_result(store):
    grow(store, 1.0)
    assert store.names() == []
    assert store.newest("made") == store.partial("made")
    assert store.publish("made") == store.finished("made")
    assert store.names() == ["made"]
    assert names_in(store.out) == ["made"]


def test_a_run_that_was_left_unfinished_does_not_hide_the_finished_one(store):
    grow(store, 1.0)
    store.publish("made")
    grow(store, 2.0)
    assert measured(store.newest("made")) == 1.0
    grow(store, 3.0)
    store.publish("made")
    assert measured(store.newest("made")) == 3.0
    assert names_in(store.out) == ["made"]


@pytest.mark.parametrize("rename", [1, 2])
@pytest.mark.parametrize("then", ["published again", "started anew"])
def test_a_publication_may_be_interrupted_at_any_rename(store, rename, then, monkeypatch):
    grow(store, 1.0)
    store.publish("made")
    grow(store, 2.0)
    with monkeypatch.context() as patched, pytest.raises(CrashError):
        crash_at_rename(rename, patched)
        store.publish("made")
    assert measured(store.newest("made")) == rename, "one of the two can always be read"
    if then == "published again":
        store.publish("made")
        assert measured(store.newest("made")) == 2.0
        assert names_in(store.out) == ["made"]
    else:
        store.start("made")
        assert measured(store.finished("made")) == rename
        assert names_in(store.out) == ["made", "made.partial"]


def test_an_interrupted_publication_whose_new_result_is_gone_leaves_the_old_one(store):
    grow(store, 1.0)
    store.partial("made").rename(store.out / ".made.old")
    store.start("made")
    assert measured(store.finished("made")) == 1.0


def test_a_folder_that_is_no_result_is_never_replaced(store):
    others = store.finished("made") / "fetch"
    others.mkdir(parents=True)
    with pytest.raises(LabError) as raised:
        store.start("made")
    assert str(raised.value) == (
        f"{store.finished('made')}: holds something else than a result;"
        " rename the experiment, or choose another folder with --out"
    )
    assert names_in(store.out) == ["made"]


def test_an_empty_folder_may_be_replaced(store):
    store.finished("made").mkdir(parents=True)
    grow(store, 1.0)
    assert measured(store.publish("made")) == 1.0


def test_nothing_measured_yet_says_what_to_run(store):
    with pytest.raises(LabError) as raised:
        store.newest("made")
    assert str(raised.value) == f"{store.finished('made')}: nothing measured yet; lab run made"


def test_a_folder_that_is_not_there_is_made_and_left_empty(store):
    store.check_writable()
    assert names_in(store.out) == []


@pytest.mark.parametrize("inside", ["", "deep"])
def test_a_folder_that_cannot_be_written_is_said_with_the_remedy(tmp_path, inside):
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / inside
    with pytest.raises(LabError, match="results cannot be written: ") as raised:
        ResultsFolder(out).check_writable()
    assert raised.value.where == str(out)
    assert raised.value.remedy == "choose a folder with --out"
    assert raised.value.exit_code == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_to_write_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LabError, match="results cannot be written: Permission denied"):
        ResultsFolder(tmp_path).check_writable()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no lock on Windows")
def test_a_second_run_is_kept_out_until_the_first_has_ended(store):
    store.check_writable()
    with store.locked(), pytest.raises(LabError, match="another run is writing here"), store.locked():
        pass
    with store.locked():
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="there is no lock on Windows")
def test_a_run_that_was_killed_leaves_no_lock(store):
    store.check_writable()
    code = (
        "import os, pathlib, sys; from lab.store.folders import ResultsFolder\n"
        "with ResultsFolder(pathlib.Path(sys.argv[1])).locked(): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, store.out], check=False).returncode == 9
    with store.locked():
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="there is no lock on Windows")
def test_a_lock_that_would_block_inside_a_run_is_not_taken_for_another_run(store):
    store.check_writable()
    with pytest.raises(BlockingIOError), store.locked():
        raise BlockingIOError
