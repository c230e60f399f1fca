"""Damage is an error with the file and the line, never a wrong number and never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import case, environment, new_writer, sample, span, trial

from lab.core.errors import LabError
from lab.store.environment_file import read_environment
from lab.store.reading import read
from lab.store.writing import Writer

FILES = ("samples.csv", "spans.csv", "trials.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A result of two trials, each with two samples of three metrics, and one case's spans."""
    folder = tmp_path / "made"
    writer = new_writer(folder)
    for number, model in enumerate(("threads", "fork"), 1):
        of = case(model=model)
        rows = [sample(number, n, of, x=0.5, good=True, label="a,b") for n in (1, 2)]
        writer.add(trial(number, samples=2, of=of, wall_s=1.5), rows, [span(0, 0, 1, 2)])
    return folder


def refused(folder: Path, use: Callable[[Path], object] = read) -> LabError:
    with pytest.raises(LabError) as raised:
        use(folder)
    assert raised.value.exit_code == 4
    assert "\n" not in str(raised.value)
    return raised.value


def change(path: Path, line: int, old: bytes, new: bytes) -> None:
    lines = path.read_bytes().split(b"\n")
    assert old in lines[line - 1], lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_bytes(b"\n".join(lines))


def test_undamaged_results_are_read(folder):
    assert read(folder).samples["x"].to_list() == [0.5] * 4


@pytest.mark.parametrize("open_it", [read, Writer])
@pytest.mark.parametrize(
    ("file", "line", "old", "new", "says"),
    [
        ("samples.csv", 3, b",threads", b"", "8 fields instead of 9"),
        ("samples.csv", 3, b",threads", b",threads,x", "10 fields instead of 9"),
        ("samples.csv", 3, b"0.5", b"O.5", "x is 'O.5'"),
        ("samples.csv", 3, b"0.5", b"0.5 s", "x is '0.5 s'"),
        ("samples.csv", 2, b"true", b"True", "good is 'True'"),
        ("samples.csv", 4, b"made,1,2,1", b"made,1,2,1.5", "sample is '1.5'"),
        ("samples.csv", 4, b"made,1,2,1", b"made,1,,1", "trial is 'missing'"),
        ("samples.csv", 5, b"fork", b"\xff\xfe", "is not UTF-8"),
        ("samples.csv", 5, b"fork", b"fo\0rk", r"holds the control character b'\x00'"),
        ("samples.csv", 2, b"threads", b"threads\r", r"holds the control character b'\r'"),
        ("samples.csv", 3, b"threads", b'"threads', "expected after"),
        ("samples.csv", 3, b'b"', b"b", "expected after"),
        ("spans.csv", 2, b"threads", b'"threads', "unexpected end of data"),
        ("spans.csv", 3, b"fork", b'"fork', "unexpected end of data"),
        ("samples.csv", 3, b'"a,b"', b'"a,b"c', "expected after"),
        ("samples.csv", 1, b"model", b"modal", "not the expected header"),
        ("samples.csv", 1, b",x,", b",", "not the expected header"),
        ("samples.csv", 2, b"made,1,1,1,threads,0.5,true,", b"", "2 fields instead of 9"),
        ("spans.csv", 2, b"1.0", b"one", "started_s is 'one'"),
        ("spans.csv", 3, b"2.0", b"", "finished_s is 'missing'"),
        ("trials.csv", 3, b"ok", b"fine", "trial 2: unknown status"),
        ("trials.csv", 3, b"ok", b"", "status is 'missing'"),
        ("trials.csv", 3, b"made,1,2", b"made,1,1", "stands twice"),
        ("trials.csv", 3, b"ok,2", b"ok,3", "trial 2: its samples are not all in samples.csv"),
        ("trials.csv", 2, b"1.5", b"l.5", "wall_s is 'l.5'"),
    ],
)
def test_a_damaged_line_is_named_whoever_opens_the_file(folder, file, line, old, new, says, open_it):
    change(folder / file, line, old, new)
    before = {name: (folder / name).read_bytes() for name in FILES}
    message = str(refused(folder, open_it))
    if says == "stands twice":
        line -= 1  # the first of the two
    assert message.startswith(f"{folder / file}: line {line} is damaged: ")
    assert says in message
    assert {name: (folder / name).read_bytes() for name in FILES} == before


def test_an_empty_line_in_the_middle_is_damage(folder):
    change(folder / "trials.csv", 2, b"made", b"\nmade")
    assert "line 2 is damaged: 0 fields instead of 14" in str(refused(folder))


def test_a_row_on_two_lines_is_damage_though_it_has_all_its_fields(folder):
    change(folder / "spans.csv", 3, b"fork,2,0,0.0,1.0,2.0,w,", b'fork,2,0,0.0,1.0,2.0,w,"a\nb"')
    assert str(refused(folder)).startswith(f"{folder / 'spans.csv'}: line 3 is damaged: ")


@pytest.mark.parametrize("gone", [1, 2])
def test_samples_that_are_gone_are_missed_by_their_trial(folder, gone):
    lines = (folder / "samples.csv").read_bytes().splitlines(keepends=True)
    (folder / "samples.csv").write_bytes(b"".join(lines[:-gone]))
    message = str(refused(folder))
    assert message.startswith(
        f"{folder / 'trials.csv'}: line 3 is damaged: trial 2: its samples are not all"
    )


@pytest.mark.parametrize("file", FILES)
def test_an_empty_file_has_lost_its_header(folder, file):
    (folder / file).write_bytes(b"")
    assert str(refused(folder)).startswith(f"{folder / file}: line 1 is damaged: no header")


# A folder without trials.csv is to a writer one that was never begun.
@pytest.mark.parametrize(
    ("file", "open_it"),
    [(file, read) for file in (*FILES, "environment.json")]
    + [(file, Writer) for file in ("samples.csv", "spans.csv", "environment.json")],
)
def test_a_missing_file_is_named(folder, file, open_it):
    (folder / file).unlink()
    message = str(refused(folder, open_it))
    assert message.startswith(f"{folder / file}: cannot be read: No such file or directory")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff",
        b'{"experiment": {}}',
        json.dumps(environment() | {"metrics": {"x": "numbers"}}).encode(),
        json.dumps(environment() | {"metrics": []}).encode(),
        json.dumps(environment() | {"machine": {"cores": "2"}}).encode(),
        json.dumps(environment() | {"plan": None}).encode(),
        json.dumps(environment(axes=[1])).encode(),  # type: ignore[list-item]
        json.dumps(environment())[:-1].encode(),
    ],
)
@pytest.mark.parametrize("open_it", [read, Writer, read_environment])
def test_a_damaged_environment_is_named(folder, content, open_it):
    (folder / "environment.json").write_bytes(content)
    message = str(refused(folder, open_it))
    assert message.startswith(f"{folder / 'environment.json'}: is damaged: ")
