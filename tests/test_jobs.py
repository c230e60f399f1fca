"""What a run has to do is fixed before it begins, and taken up again only where nothing has changed."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from builders import EXPERIMENT, experiment_file, sample, trial

from lab.catalog import experiments
from lab.catalog.experiments import Found
from lab.core.errors import LabError
from lab.present.events import RunBegan, line
from lab.runner.duration import BATCH_S, CHILD_S, estimated_s
from lab.runner.jobs import Job, Settings, begin, job, new_jobs, unfinished_jobs
from lab.store.environment_file import read_environment, write_environment
from lab.store.folders import ResultsFolder
from lab.store.writing import Writer

GRID = 'grid={"model": ["sequential", "asyncio"], "tasks": [4], "workers": [2]}'
SOURCE = EXPERIMENT.replace('grid={"model": ["threads"]}', f"{GRID}, samples=4, warmups=2, timeout_s=9")
FETCHES = SOURCE.replace("pause.sleep()", "currency.fetch(50)").replace("import pause", "import currency")


pytestmark = pytest.mark.usefixtures("unloaded")


@pytest.fixture
def find(tmp_path: Path) -> Callable[..., Found]:
    def loaded(name: str = "made", source: str = SOURCE) -> Found:
        return experiments.find(str(experiment_file(tmp_path / f"{name}.py", source)))

    return loaded


@pytest.fixture
def store(tmp_path: Path) -> ResultsFolder:
    return ResultsFolder(tmp_path / "results")


def words(of: Job) -> list[str]:
    return [str(case) for case in of.cases]


def finish(of: Job, store: ResultsFolder) -> None:
    writer = Writer(store.partial(of.name))
    for each in of.trials():
        writer.add(trial(each.trial, of=each.case, wall_s=1.5), [sample(each.trial, of=each.case)])
    store.publish(of.name)


def test_an_option_not_given_is_as_the_experiment_says(find):
    settings = job(find(), Settings()).settings
    assert (settings.rounds, settings.samples, settings.warmups, settings.timeout_s) == (5, 4, 2, 9)


def test_an_option_that_is_given_wins_also_where_it_is_no_warm_ups(find):
    settings = job(find(), Settings(rounds=2, samples=1, warmups=0, timeout_s=3.5)).settings
    assert (settings.rounds, settings.samples, settings.warmups, settings.timeout_s) == (2, 1, 0, 3.5)


def test_quick_is_everything_once_without_warm_up_and_without_the_baseline_again(find):
    quick = job(find(), Settings(quick=True))
    assert (quick.settings.rounds, quick.settings.samples, quick.settings.warmups) == (1, 1, 0)
    assert words(quick) == ["model=sequential tasks=4", "model=asyncio tasks=4 workers=2"]
    assert len(quick.trials()) == 2


def test_a_job_measures_every_case_and_the_baseline_again_in_every_round(find):
    whole = job(find(), Settings(rounds=3, seed=5))
    again = "model=asyncio (A/A) tasks=4 workers=2"
    assert words(whole) == ["model=sequential tasks=4", "model=asyncio tasks=4 workers=2", again]
    assert [each.round for each in whole.trials()] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert whole.trials() == whole.trials()


def test_filters_choose_the_cases_of_every_experiment_and_drop_those_without_any(find):
    other = SOURCE.replace('["sequential", "asyncio"]', '["threads"]')
    loaded = [find(), find("other", other)]
    made = new_jobs(loaded, Settings(only={"model": ["sequential"]}))
    assert [(each.name, words(each)) for each in made] == [("made", ["model=sequential tasks=4"])]
    with pytest.raises(LabError, match="no model 'sequentia'; did you mean 'sequential'"):
        new_jobs(loaded, Settings(only={"model": ["sequentia"]}))


def test_filters_that_leave_no_case_are_refused(find):
    loaded = [find("made", SOURCE.replace("[2]", "[2, 4]").replace('["sequential", ', "["))]
    two = loaded[0], find("other", SOURCE.replace("[4]", "[7]").replace('["sequential", ', "["))
    with pytest.raises(LabError) as raised:
        new_jobs(two, Settings(only={"tasks": ["7"], "workers": ["4"]}))
    assert str(raised.value) == "made, other: no case passes the filters"


def test_an_experiment_with_a_fault_is_no_job(find):
    with pytest.raises(LabError, match="does not import"):
        job(find("bad", "import no_such_module"), Settings())


def test_live_is_once_and_only_what_fetches_with_few_in_flight(find):
    grid = '{"model": ["sequential", "asyncio"], "tasks": [20], "workers": [14, "all"]}'
    source = FETCHES.replace(GRID, f"grid={grid}")
    live = job(find(source=source), Settings(live="http://127.0.0.1:9"))
    assert (live.settings.rounds, live.settings.samples, live.settings.warmups) == (1, 1, 0)
    assert words(live) == ["model=sequential tasks=20", "model=asyncio tasks=20 workers=14"]
    with pytest.raises(LabError, match="made: no case fetches from a server"):
        new_jobs([find()], Settings(live="http://127.0.0.1:9"))


def test_before_anything_is_measured_the_folder_says_what_will_be(find, store, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/bin/lab", "run", "made", "--only", "model=asyncio (A/A)"])
    one = job(find(), Settings(rounds=2, seed=3))
    begin([one], store)
    environment = read_environment(store.partial("made"))
    of_grid = [dict(case.params) for case in one.cases if not case.is_aa_control]
    assert len(of_grid) < len(one.cases)
    assert environment["experiment"]["cases"] == of_grid
    assert set(environment["plan"]) == {setting.name for setting in fields(Settings)} | {"command"}
    assert environment["plan"]["command"] == "lab run made --only 'model=asyncio (A/A)'"
    assert Writer(store.partial("made")).committed == set()


def test_an_unfinished_run_is_resumed_with_the_settings_it_had(find, store):
    before = job(find(), Settings(rounds=3, seed=5, only={"model": ["asyncio"]}, timeout_s=3.0))
    begin([before], store)
    (again,) = unfinished_jobs([find()], store)
    assert again.settings == before.settings
    assert again.trials() == before.trials()


def test_of_several_experiments_only_those_that_are_unfinished_are_resumed(find, store):
    both = [job(find(), Settings(rounds=1)), job(find("other"), Settings(rounds=2))]
    begin(both, store)
    finish(both[0], store)
    assert [each.name for each in unfinished_jobs([find(), find("other")], store)] == ["other"]
    finish(both[1], store)
    with pytest.raises(LabError, match="nothing to resume"):
        unfinished_jobs([find(), find("other")], store)


def test_resuming_nothing_says_how_to_start(find, store):
    with pytest.raises(LabError) as raised:
        unfinished_jobs([find()], store)
    assert str(raised.value) == f"{store.out}: nothing to resume; start a run without --resume"


def set_at(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        tree = tree[key]
    tree[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("experiment", "sha256"), "0", "the experiment"),
        (("experiment", "cases"), [], "the cases"),
        (("lab", "sha256"), "0", "the lab's code"),
        (("python", "version"), "3.9.1", "the interpreter"),
        (("python", "implementation"), "PyPy", "the interpreter's kind"),
        (("python", "build_flags"), ["--with-lto"], "the interpreter's build flags"),
        (("python", "start_method"), "none", "the start method"),
        (("python", "switch_interval_s"), 1e-6, "the switch interval"),
        (("python", "debug_modes"), ["development mode"], "the debug modes"),
        (("machine", "system"), "Plan 9", "the system"),
        (("machine", "cpu"), "68000", "the CPU"),
        (("machine", "cores"), 64, "the number of cores"),
        (("machine", "affinity"), [7], "the cores to run on"),
        (("machine", "quota_cores"), 0.5, "the quota on the cores"),
        (("machine", "governors"), ["powersave"], "the cores' governors"),
        (("machine", "load_1min"), 77.0, None),
        (("packages",), {"aiohttp": "1"}, "the packages"),
        (("packages", "uvloop"), "0.0", "the packages"),
        (("lab",), {}, "the lab's code"),
        (("plan", "unheard_of"), 1, None),
    ],
)
def test_a_run_is_not_resumed_after_a_change_and_the_change_is_named(find, store, path, value, says):
    begin([job(find(), Settings())], store)
    folder = store.partial("made")
    environment = read_environment(folder)
    set_at(environment, path, value)
    write_environment(folder, environment)
    if says is None:
        unfinished_jobs([find()], store)
        return
    with pytest.raises(LabError) as raised:
        unfinished_jobs([find()], store)
    remedy = "measure again without --resume"
    assert str(raised.value) == f"{folder}: cannot resume: {says} changed since; {remedy}"


def test_a_run_is_not_resumed_when_the_file_has_another_question(find, store):
    begin([job(find(), Settings())], store)
    with pytest.raises(LabError, match="cannot resume: the experiment changed since"):
        unfinished_jobs([find(source=SOURCE.replace("Which?", "Who?"))], store)


def test_a_damaged_environment_is_damage_when_resuming(find, store):
    begin([job(find(), Settings())], store)
    (store.partial("made") / "environment.json").write_text(json.dumps({"experiment": {}}))
    with pytest.raises(LabError) as raised:
        unfinished_jobs([find()], store)
    assert raised.value.exit_code == 4


def test_a_workload_that_cannot_be_made_is_left_for_its_trial_to_say(find, store):
    source = EXPERIMENT.replace(
        "pause.sleep()", "lambda case: pause.sleep() if case['tasks'] > 1 else 1 / 0"
    )
    odd = job(
        find(source=source.replace('["threads"]', '["threads"], "tasks": [1, 2]')), Settings(rounds=1)
    )
    assert odd.workload(odd.cases[0]) is None
    assert estimated_s(odd, store) == pytest.approx(2 * CHILD_S + 4 * BATCH_S + 4 * 0.01)


def test_the_estimate_of_waiting_work_is_its_limit_in_every_batch(find, store):
    fetches = job(find(source=FETCHES), Settings(rounds=2))
    sequential, baseline, again = (CHILD_S + 6 * waves * 0.05 for waves in (4, 2, 2))
    assert estimated_s(fetches, store) == pytest.approx(2 * (sequential + baseline + again))


def test_the_estimate_of_what_was_measured_before_is_what_it_took(find, store):
    before = job(find(), Settings(rounds=1))
    begin([before], store)
    finish(before, store)
    assert estimated_s(job(find(), Settings(rounds=4)), store) == pytest.approx(4 * 3 * 1.5)
    other = job(find(), Settings(rounds=1, samples=1, warmups=0))
    assert estimated_s(other, store) != pytest.approx(3 * 1.5), "other batches take other times"


def test_an_earlier_result_without_its_plan_gives_no_estimate_and_does_no_harm(find, store):
    before = job(find(), Settings(rounds=1))
    begin([before], store)
    finish(before, store)
    path = store.finished("made") / "environment.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"plan": {}}))
    assert estimated_s(before, store) > 0


def test_the_estimate_of_what_was_not_measured_here_is_what_the_reference_took(find, store):
    before, reference = job(find(), Settings(rounds=1)), ResultsFolder(store.out / "reference")
    begin([before], reference)
    finish(before, reference)
    for out in (store.out, store.out / "elsewhere"):
        assert estimated_s(job(find(), Settings(rounds=4)), ResultsFolder(out)) == pytest.approx(
            4 * 3 * 1.5
        )


def test_a_run_of_minutes_says_so_when_it_begins():
    assert line(RunBegan(["long"], 1500, 0, estimated_s=89)) == ""
    assert line(RunBegan(["long"], 1500, 0, estimated_s=150)) == "1,500 trials, about 2 min"
