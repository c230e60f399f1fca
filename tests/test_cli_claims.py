"""`lab claims`: every claim of every result, and what becomes of the statements."""

import json

import polars as pl
import pytest
from runs import contained, run_lab, run_lab_process, written

from lab.analysis.claims.over_results import on_statement, on_statements
from lab.catalog.experiments import find
from lab.core.statements import STATEMENTS
from lab.runner.jobs import Settings, begin, new_jobs
from lab.store.folders import ResultsFolder
from lab.store.records import Sample, Trial
from lab.store.writing import Writer

CLAIMING = """
from lab import claim, ever, ratio, value
experiment = Experiment(
    question="Who is right?", measure=lambda case: {"makespan_s": 1.0},
    grid={"model": ["threads", "asyncio"]},
    claims=[
        claim("asyncio is always faster", ratio("threads", to="asyncio") > 1, statement=14),
        claim("Threads wait faster", ratio("threads", to="asyncio") < 2, statement=1),
        claim("A thread loses an update", ever("lost") > 0, statement=4),
        claim("Threads take a second", value("makespan_s", model="threads") < 1.5),
    ],
)
"""
SECONDS = {"threads": 1.0, "asyncio": 2.0, "asyncio (A/A)": 2.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a finished result of five rounds whose numbers are made up, and one that is broken."""
    folder = tmp_path_factory.mktemp("claims")
    path = written(folder / "experiments", "claiming", CLAIMING)
    store = ResultsFolder(folder / "results")
    with contained():
        (job,) = new_jobs([find(str(path))], Settings(rounds=5, seed=1))
        begin([job], store)
        writer = Writer(store.partial("claiming"))
        for each in job.trials():
            metrics = {"makespan_s": SECONDS[str(each.case["model"])], "lost": 0}
            writer.add(
                Trial(each.round, each.trial, each.case, "ok", 1),
                [Sample(each.round, each.trial, 1, each.case, metrics)],
            )
        store.publish("claiming")
    return folder


@pytest.fixture(scope="module")
def printed(folder):
    return run_lab_process("claims", cwd=folder)


def test_every_statement_has_a_line_with_its_verdict_and_its_claims_below(printed):
    assert (printed.code, printed.err) == (0, "")
    text = " ".join(printed.out.split())
    for number, sentence in STATEMENTS.items():
        assert f"{number}. " in text and " ".join(sentence.split()[:4]) in text
    assert "14. refuted asyncio is always faster than threads." in text
    assert "refuted claiming: asyncio is always faster (threads/asyncio 0.500 (0.500-0.500))" in text
    assert "1. supported Threads make waiting work faster." in text
    assert "4. undecided" in text and "which does not make it impossible" in text
    assert text.index("Claims on other matters") < text.index("Threads take a second")
    assert max(map(len, printed.out.splitlines())) <= 80


def test_they_are_in_a_csv_file_too(folder, printed):
    rows = pl.read_csv(folder / "results" / "claims.csv")
    assert rows.columns == ["experiment", "sentence", "statement", "verdict", "evidence"]
    assert rows["verdict"].to_list() == ["refuted", "supported", "undecided", "supported"]
    assert rows["statement"].to_list() == [14, 1, 4, None]


def test_a_program_can_read_them(folder):
    shown = json.loads(run_lab("claims", "--json", cwd=folder).out)
    assert [row["statement"] for row in shown["statements"]] == list(STATEMENTS)
    assert [row["verdict"] for row in shown["claims"]] == ["refuted", "supported", "undecided", "supported"]


def test_a_result_whose_experiment_is_gone_is_told_and_the_others_are_judged(folder, tmp_path):
    (tmp_path / "results").symlink_to(folder / "results")
    written(tmp_path / "experiments", "other", CLAIMING)
    ended = run_lab("claims", cwd=tmp_path)
    assert ended.code == 2
    assert "lab: claiming: claims not judged: " in ended.err
    assert "no result has claims" in ended.err


@pytest.mark.parametrize(
    ("verdicts", "word"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "refuted"], "refuted"),
        (["supported", "undecided"], "undecided"),
        (["undecided", "refuted"], "refuted"),
        ([], "undecided"),
    ],
)
def test_a_statement_says_what_all_of_its_claims_say(verdicts, word):
    assert on_statement(verdicts) == word


def test_statements_without_claims_are_listed_and_undecided():
    judged = pl.DataFrame({"statement": [3, 3], "verdict": ["supported", "supported"]})
    rows = {row["statement"]: row for row in on_statements(judged).to_dicts()}
    assert (rows[3]["verdict"], rows[3]["claims"]) == ("supported", 2)
    assert (rows[4]["verdict"], rows[4]["claims"]) == ("undecided", 0)
