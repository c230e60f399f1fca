"""`lab report`, and the page at the end of `lab run`."""

import pytest
from runs import run_lab, written

from lab.cli import report
from lab.core.errors import LabError

PLAIN = """
def measure(case):
    return {"makespan_s": 0.1}
experiment = Experiment(question="Which is it?", measure=measure, grid={"model": ["threads"]})
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    written(folder / "experiments", "plain", PLAIN)
    return folder


def test_a_run_ends_with_the_page_and_says_where_it_is(folder):
    ended = run_lab("run", "plain", "--quick", "--out", "deep/r", cwd=folder)
    assert ended.code == 0, ended.err
    assert ended.err.splitlines()[-1] == "Report: deep/r/index.html"
    page = (folder / "deep" / "r" / "index.html").read_text()
    assert "Which is it?" in page
    assert "lab run plain --quick --seed " in page


def test_a_page_that_cannot_be_written_loses_no_result(folder):
    (folder / "kept" / "index.html").mkdir(parents=True)
    ended = run_lab("run", "plain", "--quick", "--out", "kept", cwd=folder)
    assert ended.code == 0
    assert "lab: the report was not written: " in ended.err
    assert "Traceback" not in ended.err
    assert run_lab("show", "plain", "--out", "kept", cwd=folder).code == 0


def test_where_nothing_was_measured_there_is_no_page_but_a_remedy(folder):
    ended = run_lab("report", "--out", "nowhere", cwd=folder)
    assert (ended.code, ended.err) == (2, "lab: nowhere: nothing measured yet; lab run all\n")


@pytest.mark.parametrize("opens", [True, False])
def test_the_page_is_opened_where_a_browser_can_be(tmp_path, monkeypatch, capsys, opens):
    asked = []
    monkeypatch.setattr("lab.report.write_report", lambda out, complain: out / "index.html")
    monkeypatch.setattr("webbrowser.open", lambda address: asked.append(address) or opens)
    if opens:
        report(tmp_path, show=True)
    else:
        with pytest.raises(LabError, match="no browser could be started"):
            report(tmp_path, show=True)
    assert asked == [(tmp_path / "index.html").as_uri()]
    assert capsys.readouterr().err == f"Report: {tmp_path / 'index.html'}\n"
