"""What is written is read back, and nothing else is."""

import string
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import case, new_writer, sample, span, trial
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.store.reading import read
from lab.store.records import LONGEST, escaped, unescaped
from lab.store.writing import Writer

FILES = ("samples.csv", "spans.csv", "trials.csv")
whole = st.text(st.characters(exclude_categories=["Cs"]))
values = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made.partial"


def lines(path: Path) -> list[str]:
    text = path.read_bytes().decode()
    assert text.endswith("\n")
    return text[:-1].split("\n")


def metric(folder: Path, name: str) -> list[object]:
    column: list[object] = read(folder).samples[name].to_list()
    return column


@settings(max_examples=50, deadline=None)
@given(reason=whole, stderr=whole, axis=values, void=whole, label=values, amount=finite, flag=st.booleans())
def test_any_text_number_and_truth_is_read_back_as_it_was_written(
    reason, stderr, axis, void, label, amount, flag
):
    with TemporaryDirectory() as name:
        of = case(model=axis)
        writer = new_writer(Path(name))
        row = sample(of=of, void=void, amount=amount, flag=flag, label=label, unknown=None)
        writer.add(
            trial(of=of, reason=reason, stderr=stderr, wall_s=abs(amount)),
            [row],
            [span(0, 0, 0.25, 1, worker=label, error=reason)],
        )
        results = read(Path(name))
        assert [len(lines(Path(name) / file)) for file in FILES] == [2, 2, 2]
        assert writer.committed == Writer(Path(name)).committed
        assert read(Path(name)).samples.equals(results.samples)
    start = {"experiment": "made", "round": 1, "trial": 1, "model": axis}
    assert results.samples.to_dicts() == [
        start | {"sample": 1, "amount": amount, "flag": flag, "label": label, "unknown": None, "void": void}
    ]
    assert results.trials.to_dicts() == [
        start
        | {"status": "ok", "samples": 1, "start_up_s": None, "first_batch_s": None, "shutdown_s": None}
        | {"wall_s": abs(amount), "peak_memory_bytes": None, "memory_kind": None}
        | {"reason": reason or None, "stderr": stderr or None}
    ]
    assert results.spans.to_dicts() == [
        {"model": axis, "trial": 1, "index": 0, "submitted_s": 0.0, "started_s": 0.25, "finished_s": 1.0}
        | {"worker": label, "error": reason or None}
    ]


@settings(deadline=None)
@given(st.text())
def test_escaped_text_has_no_control_character_and_can_be_encoded(text):
    assert all(character.isprintable() or character > "\x9f" for character in escaped(text))
    escaped(text).encode()


@settings(deadline=None)
@given(whole)
def test_escaped_text_is_the_text_again_when_unescaped(text):
    assert unescaped(escaped(text)) == text


def test_half_a_surrogate_pair_in_a_reason_becomes_a_question_mark(folder):
    new_writer(folder).add(trial(status="raised", samples=0, reason="no file 'a\udcff'"), [])
    assert read(folder).trials["reason"].to_list() == ["no file 'a?'"]


def test_a_text_too_long_for_a_row_is_cut(folder):
    new_writer(folder).add(trial(), [sample(label="\0" * 200_000)])
    assert metric(folder, "label") == ["\0" * LONGEST]


def test_an_axis_that_means_nothing_to_a_case_is_null(folder):
    of = case(model="sequential")
    new_writer(folder, ["model", "workers"]).add(trial(of=of), [sample(of=of)], [span(0, 0, 1, 2)])
    results = read(folder)
    assert [frame["workers"].to_list() for frame in (results.samples, results.trials, results.spans)] == [
        [None]
    ] * 3
    assert results.axes == ("model", "workers")


def test_numbers_are_written_with_every_digit(folder):
    tricky = [0.1 + 0.2, 5e-324, 1e-07, 1.7976931348623157e308, -0.0, 12345678901234567]
    new_writer(folder).add(
        trial(samples=len(tricky)), [sample(1, n, x=value) for n, value in enumerate(tricky, 1)]
    )
    assert list(map(repr, metric(folder, "x"))) == [repr(float(value)) for value in tricky]


def test_a_new_metric_widens_the_file_without_loss(folder):
    writer = new_writer(folder)
    writer.add(trial(1), [sample(1, void="a \\ and\na line", a=1.5)])
    writer.add(trial(2, samples=2), [sample(2, 1, b=True), sample(2, 2, a=2, c="word")])
    samples = read(folder).samples
    assert samples.columns == ["experiment", "round", "trial", "sample", "model", "a", "b", "c", "void"]
    assert samples["a"].to_list() == [1.5, None, 2.0]
    assert samples["b"].to_list() == [None, True, None]
    assert samples["c"].to_list() == [None, None, "word"]
    assert samples["void"].to_list() == ["a \\ and\na line", "", ""]


@pytest.mark.parametrize("later", ["late", True, 2.5])
def test_a_metric_that_is_not_known_yet_has_a_column_and_may_become_anything(folder, later):
    writer = new_writer(folder)
    writer.add(trial(1), [sample(1, limit_s=None)])
    assert metric(folder, "limit_s") == [None]
    writer.add(trial(2), [sample(2, limit_s=later)])
    assert metric(folder, "limit_s") == [None, later]


def test_a_metric_of_two_kinds_is_a_label(folder):
    writer = new_writer(folder)
    writer.add(trial(1), [sample(1, x=1.5)])
    writer.add(trial(2), [sample(2, x=True)])
    assert metric(folder, "x") == ["1.5", "true"]
    writer.add(trial(3), [sample(3, x="lost")])
    writer.add(trial(4), [sample(4, x=2)])
    assert metric(folder, "x") == ["1.5", "true", "lost", "2"]


@pytest.mark.parametrize("metrics", [{"a": 1.0, "b": True}, {"b": True}])
def test_a_crash_between_the_two_files_that_a_new_metric_changes_loses_nothing(
    folder, monkeypatch, metrics
):
    writer = new_writer(folder)
    writer.add(trial(1), [sample(1, a=1.0)])
    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_write", crash)
        with pytest.raises(ZeroDivisionError):
            writer.add(trial(2), [sample(2, **metrics)])
    assert metric(folder, "b") == [None]
    Writer(folder).add(trial(2), [sample(2, **metrics)])
    assert metric(folder, "a") == [1.0, metrics.get("a")]
    assert metric(folder, "b") == [None, True]


def crash(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("torn", [b"made,1,9,1,thr", b'"open\xc3', b"\0\0\0", b","])
def test_a_torn_last_line_is_dropped_on_reading_and_cut_before_appending(folder, name, torn):
    writer = new_writer(folder)
    writer.add(trial(1), [sample(1)], [span(0, 0, 1, 2)])
    before = (folder / name).read_bytes()
    (folder / name).write_bytes(before + torn)
    assert read(folder).trials["trial"].to_list() == [1]
    Writer(folder)
    assert (folder / name).read_bytes() == before


def test_rows_of_uncommitted_trials_are_not_read_and_are_purged_when_a_writer_opens_the_folder(
    folder, monkeypatch
):
    writer = new_writer(folder)
    writer.add(trial(1), [sample(1)], [span(0, 0, 1, 2)])
    before = {name: (folder / name).read_bytes() for name in FILES}
    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_trial_row", crash)
        with pytest.raises(ZeroDivisionError):
            writer.add(trial(2, of=case(model="fork")), [sample(2)], [span(0, 0, 1, 2)])
    assert [len(lines(folder / name)) for name in FILES] == [3, 3, 2]
    results = read(folder)
    assert [frame["trial"].to_list() for frame in (results.samples, results.trials, results.spans)] == [
        [1]
    ] * 3
    assert Writer(folder).committed == {1}
    assert {name: (folder / name).read_bytes() for name in FILES} == before


def test_only_the_spans_of_a_cases_first_good_trial_are_kept_also_by_a_second_writer(folder):
    odd = case(model="back\\slash")  # and workers mean nothing to it
    writer = new_writer(folder, ["model", "workers"])
    writer.add(trial(1, "void", of=odd), [sample(1, of=odd)], [span(0, 0, 1, 2)])
    writer.add(trial(2, of=odd), [sample(2, of=odd)], [span(0, 0, 1, 2), span(1, 0, 1, 2)])
    writer.add(trial(3, of=odd), [sample(3, of=odd)], [span(0, 0, 1, 2)])
    Writer(folder).add(trial(4, of=odd), [sample(4, of=odd)], [span(0, 0, 1, 2)])
    assert read(folder).spans["trial"].to_list() == [2, 2]


def test_spans_are_in_seconds_since_the_first_submission(folder):
    spans = [span(0, 7.5, 8, 9.25, worker="a"), span(1, 7.0, 7.25, 10, worker="b", error="ValueError")]
    new_writer(folder).add(trial(), [sample()], spans)
    assert read(folder).spans.rows() == [
        ("threads", 1, 0, 0.5, 1.0, 2.25, "a", None),
        ("threads", 1, 1, 0.0, 0.25, 3.0, "b", "ValueError"),
    ]


def test_a_trial_that_was_skipped_has_its_row_and_no_other(folder):
    new_writer(folder).add(trial(1, "skipped", 0, reason="no fork here"), [])
    assert [len(lines(folder / name)) for name in FILES] == [1, 1, 2]
    assert read(folder).trials.select("status", "samples", "reason").row(0) == (
        "skipped",
        0,
        "no fork here",
    )


def test_a_new_result_is_empty_and_can_be_read(folder):
    new_writer(folder)
    results = read(folder)
    assert [frame.height for frame in (results.samples, results.trials, results.spans)] == [0, 0, 0]
    assert results.name == "made"


def test_columns_are_the_promised_ones_in_their_order(folder):
    new_writer(folder, ["model", "tasks"]).add(trial(), [sample()])
    header = {name: lines(folder / name)[0] for name in FILES}
    assert header == {
        "samples.csv": "experiment,round,trial,sample,model,tasks,makespan_s,void",
        "spans.csv": "model,tasks,trial,index,submitted_s,started_s,finished_s,worker,error",
        "trials.csv": "experiment,round,trial,model,tasks"
        ",status,samples,start_up_s,first_batch_s,shutdown_s,wall_s,peak_memory_bytes,memory_kind"
        ",reason,stderr",
    }
    assert set(string.punctuation) & set("".join(header.values())) <= {",", "_"}
