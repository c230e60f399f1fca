"""`lab run`: what it measures, in which order, where it writes it and what it shows."""

import json
import re
from pathlib import Path

import pytest
from runs import rows_of, run_lab, run_lab_process, written

REPOSITORY = Path(__file__).parents[1]

PLAIN = """
MAKESPANS = {"sequential": 0.4, "threads": 0.1, "asyncio": 0.2}
def measure(case):
    with open(os.environ["LAB_TEST_CALLS"], "a") as calls:
        calls.write(f"{case['model']}\\n")
    print("nobody should see this")
    return {"makespan_s": MAKESPANS[case["model"]] * case["tasks"]}
experiment = Experiment(question="Which is it?", measure=measure,
                        grid={"model": ["sequential", "threads", "asyncio"], "tasks": [1, 2]})
"""

FAILING = """
def measure(case):
    if case["how"] == "raises":
        raise ValueError("no luck")
    if case["how"] == "hangs":
        time.sleep(1000)
    return {"x": 1}
experiment = Experiment(question="Fails it?", measure=measure, grid={"how": ["works", "raises", "hangs"]})
"""

OPTIONS = "--only model=threads,asyncio --rounds 2 --samples 2 --warmups 1 --seed 7".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    written(folder / "experiments", "plain", PLAIN)
    written(folder / "experiments", "failing", FAILING)
    return folder


@pytest.fixture(scope="module")
def plain(folder):
    return run_lab_process("run", "plain", *OPTIONS, cwd=folder, LAB_TEST_CALLS=str(folder / "calls"))


@pytest.fixture(scope="module")
def as_json(folder, plain):
    """The same again elsewhere, as JSON, from another folder, by the file's path."""
    options = [*OPTIONS, "--json", "--out", "elsewhere/deep"]
    path = str(folder / "experiments" / "plain.py")
    return run_lab("run", path, *options, cwd=folder, LAB_TEST_CALLS=str(folder / "other_calls"))


@pytest.fixture(scope="module")
def dry(folder):
    before = sorted(folder.iterdir())
    ended = run_lab("run", "plain", *OPTIONS, "--dry-run", cwd=folder)
    return ended, before == sorted(folder.iterdir())


def order(folder):
    return [(row["round"], row["model"], row["tasks"]) for row in rows_of(folder / "trials.csv")]


def test_a_run_that_measured_all_ends_with_0_and_its_table_alone_on_stdout(plain):
    assert plain.code == 0
    assert plain.out.startswith("plain: Which is it?\n")
    for words in ("tasks", "threads       1 ", "asyncio (A/A)", "  100\n", "0.500×\n", "400\n"):
        assert words in plain.out
    assert "sequential" not in plain.out, "--only leaves it out"
    assert "nobody should see this" not in plain.out + plain.err


def test_without_a_terminal_progress_is_a_line_a_round_on_stderr(plain):
    assert plain.err == "plain: round 1 of 2\nplain: round 2 of 2\nReport: results/index.html\n"


def test_every_round_has_a_trial_of_every_case_and_the_baseline_again(plain, folder):
    trials = order(folder / "results" / "plain")
    models = ("threads", "asyncio", "asyncio (A/A)")
    cases = {(model, tasks) for model in models for tasks in ("1", "2")}
    for number in ("1", "2"):
        assert {(model, tasks) for each, model, tasks in trials if each == number} == cases
    assert len(trials) == 12


def test_a_trial_runs_its_warm_ups_and_records_its_samples(plain, folder):
    samples = rows_of(folder / "results" / "plain" / "samples.csv")
    assert [row["sample"] for row in samples] == ["1", "2"] * 12
    calls = (folder / "calls").read_text().split()
    assert len(calls) == 12 * (1 + 2)


def test_the_same_seed_gives_the_same_order_and_another_seed_another(plain, as_json, folder):
    first = order(folder / "results" / "plain")
    assert order(folder / "elsewhere" / "deep" / "plain") == first
    other = run_lab("run", "plain", *OPTIONS[:-1], "8", "--dry-run", "--json", cwd=folder)
    planned = [(each["round"], each["model"], each["tasks"]) for each in json.loads(other.out)[0]["trials"]]
    assert planned != [(int(number), model, int(tasks)) for number, model, tasks in first]


def test_a_dry_run_tells_the_order_the_run_will_have_and_writes_nothing(plain, dry, folder):
    ended, nothing_written = dry
    order_printed = re.findall(r"^plain round (\d): model=(.+) tasks=(\d)$", ended.out, re.MULTILINE)
    assert (ended.code, ended.err) == (0, "") and nothing_written
    assert order_printed == order(folder / "results" / "plain")
    assert re.search(
        r"plain: 6 cases, 2 rounds, 1 warm-ups and 2 samples per trial: about \d+ s", ended.out
    )
    assert "--seed 7" in ended.out


def test_json_is_all_there_is_on_stdout_and_its_rows_are_those_of_summary_csv(as_json, folder):
    def cell(value):
        return "" if value is None else value if isinstance(value, str) else float(value)

    rows = json.loads(as_json.out)
    summary = rows_of(folder / "elsewhere" / "deep" / "plain" / "summary.csv")
    assert len(rows) == len(summary) == 6
    for row, line in zip(rows, summary, strict=True):
        assert row.pop("experiment") == "plain"
        assert list(row) == list(line)
        for column, value in row.items():
            written_cell = line[column]
            assert (float(written_cell) if isinstance(cell(value), float) else written_cell) == cell(value)


def test_a_trial_that_fails_is_a_row_with_the_reason_and_exit_code_1(folder):
    ended = run_lab("run", "failing", "--quick", "--only", "how=raises,works", cwd=folder)
    assert ended.code == 1
    trials = {row["how"]: row for row in rows_of(folder / "results" / "failing" / "trials.csv")}
    assert trials["works"]["status"] == "ok"
    assert (trials["raises"]["status"], trials["raises"]["reason"]) == ("raised", "ValueError: no luck")
    assert "failing: raised: how=raises: ValueError: no luck\n" in ended.err
    assert ended.err.endswith("lab: 1 trial failed; the reason is in results/failing/trials.csv\n")


def test_a_trial_past_its_timeout_is_a_row_and_exit_code_1(folder, tmp_path):
    options = ["--only", "how=hangs", "--timeout", "0.3", "--out", str(tmp_path), "--quick", "--json"]
    ended = run_lab("run", "failing", *options, cwd=folder)
    (row,) = rows_of(tmp_path / "failing" / "trials.csv")
    assert (ended.code, row["status"], row["reason"]) == (1, "timeout", "did not end in time")
    assert float(row["wall_s"]) >= 0.3
    json.loads(ended.out)


def test_a_copy_of_a_shipped_experiment_with_another_question_is_an_experiment_with_csv_and_figures(
    tmp_path,
):
    (tmp_path / "experiments").mkdir()
    source = (REPOSITORY / "experiments" / "fetch.py").read_text()
    question = re.search(r'question="(.*)"', source).group(1)
    copy = tmp_path / "experiments" / "mine.py"
    copy.write_text(source.replace(question, "Is mine faster?"))
    only = ["--only", "model=threads,asyncio", "--only", "tasks=14", "--only", "workers=4"]
    ended = run_lab("run", "all", *only, "--quick", cwd=tmp_path)
    assert ended.code == 0
    assert ended.out.startswith("mine: Is mine faster?\n")
    results = tmp_path / "results" / "mine"
    assert {row["status"] for row in rows_of(results / "trials.csv")} == {"ok"}
    assert len(rows_of(results / "samples.csv")) == 2
    figures = {path.stem for path in results.glob("*.svg")}
    assert figures == {path.stem for path in results.glob("*.png")} != set()
    again = {path.name: path.read_bytes() for path in results.glob("*.svg")}
    for path in results.glob("*.svg"):
        path.unlink()
    drawn = run_lab_process("plot", "mine", "--json", cwd=tmp_path)
    assert drawn.code == 0
    assert {path.name: path.read_bytes() for path in results.glob("*.svg")} == again
    assert {Path(path).name for path in json.loads(drawn.out)["mine"]} >= set(again)
