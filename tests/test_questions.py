"""The questions that `lab list` shows: read from the files, none of which is run."""

import pytest

from lab.catalog.names import questions

SOURCE = (
    "from lab import Experiment\nexperiment = Experiment(question={!r}, grid={{'a': [1]}}, measure=print)\n"
)
BOTH = {"one": "Question one?", "two": "Question two?"}


@pytest.fixture
def folder(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(SOURCE.format(f"Question {name}?"))
    return tmp_path


def test_no_file_is_run(folder):
    (folder / "three.py").write_text("raise SystemExit\n" + SOURCE.format("Question three?"))
    assert questions(folder) == ({**BOTH, "three": "Question three?"}, [])


def test_a_question_that_is_computed_gives_way_to_the_sentence_that_opens_the_file(folder):
    source = '"""A sentence."""\nQ = "?"\n' + SOURCE.replace("{!r}", "f'Is it {{Q}}'").format()
    (folder / "three.py").write_text(source)
    assert questions(folder)[0]["three"] == "A sentence."


def test_an_annotated_experiment_is_one_too(folder):
    source = SOURCE.format("Question three?").replace("experiment =", "experiment: Experiment =")
    (folder / "three.py").write_text(source)
    assert questions(folder)[0]["three"] == "Question three?"


def test_a_lesson_that_shows_an_experiment_is_not_taken_for_one(folder):
    lesson = '"""A lesson.\n\nexperiment = Experiment(question="no", ...)\n"""\n'
    (folder / "three.py").write_text(lesson + SOURCE.format("Question three?"))
    assert questions(folder)[0]["three"] == "Question three?"


def test_a_file_that_an_editor_leaves_in_the_folder_is_no_experiment(folder):
    (folder / ".#one.py").symlink_to("somebody@nowhere")
    (folder / "gone.py").symlink_to("nowhere.py")
    (folder / "named.py").mkdir()
    (folder / "_helper.py").write_text("")
    assert questions(folder) == (BOTH, [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def", "does not import: SyntaxError: "),
        (b"x = '\0'", "does not import: SyntaxError: "),
        (b"experiments = 1", "has no `experiment`; assign one: "),
        (b"", "has no `experiment`; assign one: "),
    ],
)
def test_a_fault_that_reading_shows_is_a_line_with_the_file(folder, content, reason):
    (folder / "bad.py").write_bytes(content)
    found, (fault,) = questions(folder)
    assert found == BOTH
    assert str(fault).startswith(f"{folder / 'bad.py'}: {reason}")
