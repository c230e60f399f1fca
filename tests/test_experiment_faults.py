"""A fault of an experiment's file is reported in one line that names the file."""

import shutil
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from builders import experiment_file, made_columns
from matplotlib.markers import MarkerStyle
from runs import run_lab

import lab
from lab.catalog import check_fields
from lab.catalog.checks import COLUMNS
from lab.catalog.experiments import find
from lab.catalog.models import load_model
from lab.catalog.names import figure_kinds
from lab.core.constants import Constant
from lab.core.errors import LabError
from lab.core.work import Model

pytestmark = pytest.mark.usefixtures("unloaded")


def fault(path: Path) -> LabError:
    loaded = find(str(path))
    assert loaded.experiment is None
    assert loaded.fault is not None
    assert loaded.fault.where == str(path)
    assert loaded.fault.exit_code == 2
    assert "\n" not in str(loaded.fault)
    return loaded.fault


def grid_fault(tmp_path: Path, grid: str, work: str = "workload=pause.sleep()") -> str:
    source = (
        "from lab import Experiment\nfrom lab.workloads import pause\n"
        f"experiment = Experiment(question='?', {work}, grid={grid})\n"
    )
    return str(fault(experiment_file(tmp_path / "mine.py", source))).removeprefix(
        f"{tmp_path / 'mine.py'}: "
    )


@pytest.mark.parametrize("name", ["a b", "_a", "a.b", "all", "-a"])
def test_a_file_whose_name_cannot_name_an_experiment_is_faulty(tmp_path, name):
    path = experiment_file(tmp_path / f"{name}.py")
    assert str(fault(path)).startswith(f"{path}: {name!r} cannot name an experiment; ")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def", "SyntaxError: invalid syntax (mine.py, line 1)"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise ValueError('two\\n lines')", "ValueError: two lines"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = '\0'", "SyntaxError: source code string cannot contain null bytes"),
        (
            "from lab.workloads import currency\ncurrency.fetch(connections='old')",
            "currency.fetch: connections are 'new' or 'kept', not 'old'",
        ),
    ],
)
def test_a_file_that_does_not_import_is_faulty_with_the_reason(tmp_path, source, says):
    path = experiment_file(tmp_path / "mine.py", source)
    message = str(fault(path)).partition(" (<string>")[0]
    assert message.startswith(f"{path}: does not import: {says}")


def test_ctrl_c_while_a_file_is_imported_is_no_fault_of_the_file(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        find(str(experiment_file(tmp_path / "mine.py", "raise KeyboardInterrupt")))


@pytest.mark.parametrize("source", ["", "experiment = 1", "experiment = {'grid': {}}"])
def test_a_file_without_an_experiment_is_faulty(tmp_path, source):
    assert fault(experiment_file(tmp_path / "mine.py", source)).what == "has no `experiment`"


@pytest.mark.parametrize(
    ("grid", "says"),
    [
        ("{}", "has an empty grid"),
        ("None", "has an empty grid"),
        ("['threads']", "has an empty grid"),
        ("{'model': []}", "axis 'model' has no values"),
        ("{'model': 'threads'}", "axis 'model' has no values"),
        ("{'model': None}", "axis 'model' has no values"),
        ("{'workers': [2, 0]}", "axis 'workers' has the value 0; give a whole number from 1, or 'all' or"),
        ("{'workers': ['many']}", "axis 'workers' has the value 'many'; give a whole number from 1"),
        ("{'workers': ['4']}", "axis 'workers' has the value '4'; give a whole number from 1"),
        ("{'workers': [True]}", "axis 'workers' has the value True; give a whole number from 1"),
        ("{'tasks': [0]}", "axis 'tasks' has the value 0; give a whole number from 1, or 'cores'"),
        ("{'tasks': [1.5]}", "axis 'tasks' has the value 1.5; give a whole number from 1"),
        ("{'tasks': ['all']}", "axis 'tasks' has the value 'all'; give a whole number from 1"),
        ("{'size': [1, '1']}", "axis 'size' has a value twice"),
        ("{'size': [1, 1.0]}", "axis 'size' has a value twice"),
        ("{'size': [None]}", "axis 'size' has the value None; give text or a number"),
        ("{'size': [[1]]}", "axis 'size' has the value [1]; give text or a number"),
        ("{'size': ['']}", "axis 'size' has the value ''; give text or a number"),
        ("{'size': ['a\\nb']}", r"axis 'size' has the value 'a\nb'; give text or a number"),
        ("{'my axis': [1]}", "axis 'my axis' is no identifier; use letters, digits and _"),
        ("{1: [1]}", "axis 1 is no identifier; use letters, digits and _"),
        ("{'trial': [1]}", "axis 'trial' has the name of another column; give it another name"),
    ],
)
@pytest.mark.parametrize("work", ["workload=pause.sleep()", "measure=print"])
def test_a_grid_that_cannot_be_measured_is_faulty(tmp_path, grid, says, work):
    assert grid_fault(tmp_path, grid, work).startswith(says)


def test_the_models_of_a_workload_are_those_there_are_while_those_of_a_measure_are_its_own(tmp_path):
    says = "no model 'thread'; did you mean 'threads'?"
    assert grid_fault(tmp_path, "{'model': ['thread']}") == says
    source = f"{WORDS}\nexperiment = Experiment(question='?', measure=one, grid={{'model': ['thread']}})"
    assert find(str(experiment_file(tmp_path / "own.py", source))).fault is None


WORDS = """
from dataclasses import replace
from lab import *
from lab.core.derived import Derived
from lab.core.figures import Figure
from lab.workloads import currency, pause

def one(x): return ""
def none(): return None
def two(x, y): return None
async def waits(x): return None
async def session(): yield None

class Awaits:
    async def __call__(self, x): return None

advice = work
work, slow = pause.sleep(), Workload(one)
gap = Gap("threads", "asyncio", axis="size", of="1", control="2")
raising = lambda at: at["nowhere"]
"""
GRID = "grid={'model': ['threads', 'asyncio'], 'size': [1, 2]}"
MEASURED = f"measure=one, {GRID}"
WORKED = f"workload=work, {GRID}"


def declared(tmp_path: Path, arguments: str) -> str:
    """Return the fault of a file whose experiment is declared so, without its place."""
    question = "" if "question=" in arguments else "question='?', "
    path = experiment_file(
        tmp_path / "mine.py", f"{WORDS}\nexperiment = Experiment({question}{arguments})\n"
    )
    return str(fault(path)).removeprefix(f"{path}: ")


@pytest.mark.parametrize("arguments", [MEASURED, WORKED, f"workload=lambda case: slow, {GRID}"])
def test_the_base_of_the_faulty_declarations_is_itself_right(tmp_path, arguments):
    source = f"{WORDS}\nexperiment = Experiment(question='?', {arguments})\n"
    assert find(str(experiment_file(tmp_path / "mine.py", source))).fault is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("samples=1", "needs either `workload` or `measure`"),
        ("workload=work, measure=one", "needs either `workload` or `measure`"),
        ("workload=1", "`workload` is 1; give a function of the case, or a Workload"),
        ("workload='fetch'", "`workload` is 'fetch'; give a function of the case, or a Workload"),
        ("workload=none", "`workload` cannot be called so; give a function of the case, or a Workload"),
        (
            "workload=waits",
            "`workload` is a coroutine function; give a function of the case, or a Workload that",
        ),
        (
            "workload=one",
            "`workload` returns '' for model=threads size=1; return a Workload; one for all cases",
        ),
        (
            "workload=abs",
            "`workload` raises in every case, TypeError: bad operand type for abs(): 'Case'; give a",
        ),
        (
            "workload=lambda case: work if case['size'] == 1 else 7",
            "`workload` returns 7 for model=threads size=2",
        ),
        (
            "workload=lambda case: currency.fetch(connections='old')",
            "connections are 'new' or 'kept', not 'old'",
        ),
        (
            "workload=lambda case: replace(work, blocking=waits)",
            "`blocking` is a coroutine function; give a",
        ),
        (
            "workload=Workload(waits)",
            "`blocking` is a coroutine function; give a function of an item that is not",
        ),
        (
            "workload=Workload(session)",
            "`blocking` is a coroutine function; give a function of an item that is",
        ),
        (
            "workload=Workload(Awaits())",
            "`blocking` is a coroutine function; give a function of an item that is",
        ),
        ("workload=Workload(5)", "`blocking` is 5; give a function of an item"),
        ("workload=Workload(None)", "`blocking` is None; give a function of an item"),
        ("workload=Workload(two)", "`blocking` cannot be called so; give a function of an item"),
        (
            "workload=Workload(one, awaitable=waits)",
            "`awaitable` opens no session; give a function without",
        ),
        ("workload=Workload(one, awaitable=one)", "`awaitable` opens no session; give a function without"),
        (
            "workload=Workload(one, awaitable=7)",
            "`awaitable` is 7; give a function without arguments that returns",
        ),
        (
            "workload=Workload(one, awaitable=session)",
            "`awaitable` is an async generator function; decorate it",
        ),
        ("workload=Workload(one, expect=3)", "`expect` is 3; give a function of an item"),
        (
            "workload=Workload(one, expect=waits)",
            "`expect` is a coroutine function; give a function of an item",
        ),
        (
            "workload=Workload(one, items=[1, 2])",
            "`items` is [1, 2]; give a function of the number of tasks",
        ),
        (
            "workload=Workload(one, items=none)",
            "`items` cannot be called so; give a function of the number of",
        ),
        (
            "workload=Workload(one, prepare=one)",
            "`prepare` cannot be called so; give a function without arguments",
        ),
        (
            "workload=Workload(one, needs='requests')",
            "`needs` is 'requests'; give a tuple: (\"requests\",)",
        ),
        (
            "workload=Workload(one, awaitable_needs=(3,))",
            '`awaitable_needs` is (3,); give a tuple: ("requests',
        ),
        ("workload=Workload(one, wait_s='1')", "`wait_s` is '1'; give seconds, or None"),
        ("workload=Workload(one, wait_s=-1)", "`wait_s` is -1; give seconds, or None"),
        ("workload=Workload(one, uses_server='yes')", "`uses_server` is 'yes'; give True or False"),
        ("workload=Workload(one, connections='old')", '`connections` is \'old\'; give "new", "kept" or ""'),
        ("measure=1", "`measure` is 1; give a function of the case"),
        ("measure={'x': 1}", "`measure` is {'x': 1}; give a function of the case"),
        (
            "measure=waits",
            "`measure` is a coroutine function; give a function of the case that is not `async`",
        ),
        ("measure=two", "`measure` cannot be called so; give a function of the case"),
    ],
)
def test_work_that_cannot_be_run_is_found_when_the_file_is_read(tmp_path, arguments, says):
    assert declared(tmp_path, f"{arguments}, {GRID}").startswith(says)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("question=''", "`question` is ''; give a sentence"),
        ("question=None", "`question` is None; give a sentence"),
        ("baseline=None", '`baseline` is None; give the name of a model, or ""'),
        ("samples=0", "`samples` is 0; give a whole number from 1"),
        ("samples='3'", "`samples` is '3'; give a whole number from 1"),
        ("samples=True", "`samples` is True; give a whole number from 1"),
        ("warmups=-1", "`warmups` is -1; give a whole number from 0"),
        ("warmups=1.5", "`warmups` is 1.5; give a whole number from 0"),
        ("timeout_s=0", "`timeout_s` is 0; give seconds, more than 0"),
        ("timeout_s='60'", "`timeout_s` is '60'; give seconds, more than 0"),
        ("timeout_s=float('nan')", "`timeout_s` is nan; give seconds, more than 0"),
        ("uses_server='yes'", "`uses_server` is 'yes'; give True or False"),
        ("keep='model'", "`keep` is 'model'; give a function of a case's parameters"),
        ("keep=['threads']", "`keep` is ['threads']; give a function of a case's parameters"),
        ("keep=none", "`keep` cannot be called so; give a function of a case's parameters"),
        (
            "keep=waits",
            "`keep` is a coroutine function; give a function of a case's parameters that is not",
        ),
        ("keep=raising", "`keep` raises KeyError: 'nowhere'"),
        ("keep=one", "`keep` keeps no case; return True for at least one"),
        ("unavailable=''", "`unavailable` is ''; give a function of the case"),
        ("unavailable=raising", "`unavailable` raises KeyError: 'nowhere' for model=threads size=1"),
        (
            "unavailable=lambda case: None",
            "`unavailable` returns None for model=threads size=1; return why it",
        ),
        ("aa_control=True", "`aa_control` is True; give a function of a case's parameters"),
        ("aa_control=lambda at: at['zz']", "`aa_control` raises KeyError: 'zz' for model=asyncio size=1"),
        ("keep=lambda at: exit(1)", "SystemExit: 1"),
        ("in_flight=5", "`in_flight` is 5; give an axis and a metric: ("),
        ("in_flight='size'", "`in_flight` is 'size'; give an axis and a metric: ("),
        ("in_flight=('size',)", "`in_flight` is ('size',); give an axis and a metric: ("),
        ("in_flight=('sise', 'x')", "no axis 'sise'; did you mean 'size'?"),
        ("advice=[advice('x', rank='1')]", "`rank` is '1'; give a number"),
        ("advice=[advice('x', rank=float('nan'))]", "`rank` is nan; give a number"),
        ("advice=[advice(7)]", "`text` is 7; give a sentence"),
        ("advice=[advice('x', sise=1)]", "no axis 'sise'; did you mean 'size'?"),
        ("advice=[advice('x', size=9)]", "no size '9'; there are: 1, 2"),
        ("constants=[CostOfWaiting(3, up_to=1)]", "`axis` is 3; give the name of an axis"),
        ("constants=[CostOfWaiting('sise', up_to=1)]", "no axis 'sise'; did you mean 'size'?"),
        ("constants=[CostOfWaiting('size', up_to='a')]", "`up_to` is 'a'; give a number, more than 0"),
        ("constants=[CostOfComputing('size', 'x', {})]", "`where` is 'x'; give axes with values"),
        ("constants=[CostOfComputing('size', {}, {'size': 9})]", "no size '9'; there are: 1, 2"),
        ("constants=[CostOfStarting('model', 7, 'x', 'y', 'z')]", "`size` is 7; give the name of an axis"),
        ("constants=[CostOfStarting('model', 'size', 'x', 'y', 'z')]", "no model 'x'; there are: threads"),
        (
            "constants=[CostOfFetching('model', 'threads', None)]",
            "`usual` is None; give a value of the axis",
        ),
        ("figures='bars'", "`figures` is 'bars'; give a list: figures=[bars()]"),
        (
            "figures=bars()",
            "`figures` is Figure(kind='bars', options={'metric': 'makespan_s'}, question=''); give",
        ),
        ("claims='It holds'", "`claims` is 'It holds'; give a list: claims=[claim("),
        ("claims=(claim('x', value('x') < 1) for _ in [1])", "`claims` is <generator object"),
        ("claims=claim('x', value('x') < 1)", "`claims` is Claim(sentence='x', "),
        ("derived='scaling'", "`derived` is 'scaling'; give a list: derived=[scaling()]"),
    ],
)
def test_a_field_that_holds_something_else_is_found_when_the_file_is_read(tmp_path, arguments, says):
    assert declared(tmp_path, f"{arguments}, {MEASURED}").startswith(says)


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        ("'bars'", "'bars' is no figure; write figures=[bars()]"),
        ("bars", "<function bars at "),
        ("Figure('bar')", "no kind of figure 'bar'; did you mean 'bars'?"),
        ("lines('sise')", "no axis 'sise'; did you mean 'size'?"),
        ("lines('size', colour='red')", "no axis 'colour'; there are: model, size"),
        ("lines('size', model='thread')", "no model 'thread'; did you mean 'threads'?"),
        ("lines('size', model=('threads', 'asyncoi'))", "no model 'asyncoi'; did you mean 'asyncio'?"),
        ("lines('size', crossing=('asyncio', 'thread'))", "no line 'thread'; did you mean 'threads'?"),
        ("lines('size', crossing='asyncio')", "a crossing is of two lines; write crossing=("),
        (
            "lines('size', crossing=('asyncio', 'threads', 'x'))",
            "a crossing is of two lines; write crossing=(",
        ),
        ("lines('size', 7)", "a metric is 7; give its name"),
        ("matrix('sizes', 'model', 'x')", "no axis 'sizes'; did you mean 'size'?"),
        ("matrix('size', 'models', 'x')", "no axis 'models'; did you mean 'model'?"),
        ("speedup()", "no axis 'workers'; there are: model, size"),
        ("winners('size', 'modell')", "no axis 'modell'; did you mean 'model'?"),
        ("split('x', gap)", ""),
        ("split('x', gap._replace(of='3'))", "no size '3'; there are: 1, 2"),
        ("split('x', gap._replace(to='thread'))", "no model 'thread'; did you mean 'threads'?"),
        ("distribution('latency')", "no metric of tasks 'latency'; did you mean 'latency_s'?"),
        ("timeline(size=3)", "no size '3'; there are: 1, 2"),
    ],
)
def test_a_figure_of_what_is_not_there_is_found_when_the_file_is_read(tmp_path, figure, says):
    source = f"{WORDS}\nexperiment = Experiment(question='?', {MEASURED}, figures=[{figure}])\n"
    path = experiment_file(tmp_path / "mine.py", source)
    assert str(find(str(path)).fault or "").removeprefix(f"{path}: ").startswith(says)
    assert bool(says) == (find(str(path)).experiment is None)


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("'It holds'", "'It holds' is no claim; write claims=[claim("),
        ("('It holds', value('x') < 1)", "('It holds', Level("),
        ("claim('', value('x') < 1)", "claim '': it has no sentence; write claim("),
        (
            "claim('So', value('x'))",
            "claim 'So': its condition has no bound; compare it with a number: ratio(",
        ),
        ("claim('So', True)", "claim 'So': its condition is True; compare: ratio(...) < 1"),
        ("claim('So', value('x') == 1)", "claim 'So': its condition is False; compare: ratio(...) < 1"),
        ("claim('So', value('x') < '1')", "claim 'So': its bound is '1'; compare with a number"),
        (
            "claim('So', value('x').between(2, 1))",
            "claim 'So': nothing lies above 2 and below 1; give the lower",
        ),
        (
            "claim('So', value('x') < float('nan'))",
            "claim 'So': nothing lies above -inf and below nan; give",
        ),
        (
            "claim('So', 0.9 < value('x') < 1.1)",
            "does not import: claim: a condition has no truth value, so `low",
        ),
        ("claim('So', value('x', sise=1) < 1)", "claim 'So': no axis 'sise'; did you mean 'size'?"),
        ("claim('So', ever('x', size=3) < 1)", "claim 'So': no size '3'; there are: 1, 2"),
        ("claim('So', value(1) < 1)", "claim 'So': a metric is 1; give its name"),
        (
            "claim('So', ratio('thread', to='asyncio') < 1)",
            "claim 'So': no model 'thread'; did you mean 'threads'",
        ),
        (
            "claim('So', ratio('threads', to='fork') < 1)",
            "claim 'So': no model 'fork'; there are: threads, asyn",
        ),
        (
            "claim('So', ratio('1', to='2', axis='sizes') < 1)",
            "claim 'So': no axis 'sizes'; did you mean 'size'",
        ),
        (
            "claim('So', factor('size', gap=gap._replace(of='9'), metric='x') > 1)",
            "claim 'So': no size '9'; there",
        ),
        ("claim('So', value('x') < 1, statement=99)", "claim 'So': no statement 99; there are 1 to 14"),
    ],
)
def test_a_claim_that_no_case_could_decide_is_found_when_the_file_is_read(tmp_path, claim, says):
    assert declared(tmp_path, f"{MEASURED}, claims=[{claim}]").startswith(says)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("'laws'", "'laws' is no table; write derived=[scaling()]"),
        ("scaling('worker')", "no axis 'worker'; there are: model, size"),
        ("scaling('size', model='fork')", "no model 'fork'; there are: threads, asyncio"),
        ("extrapolation('size', up_to='2', wait_s=1)", "`up_to` is '2'; give a number"),
        ("extrapolation('size', up_to=2, wait_s=None)", "`wait_s` is None; give a number"),
    ],
)
def test_a_table_over_what_is_not_there_is_found_when_the_file_is_read(tmp_path, table, says):
    assert declared(tmp_path, f"{MEASURED}, derived=[{table}]").startswith(says)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("baseline='asyncoi'", "no model 'asyncoi'; did you mean 'asyncio'?"),
        ("figures=[bars('makespan')]", "no metric 'makespan'; did you mean 'makespan_s'?"),
        (
            "claims=[claim('So', value('makespan') < 1)]",
            "claim 'So': no metric 'makespan'; did you mean 'makespan",
        ),
    ],
)
def test_a_workloads_models_and_metrics_are_known_before_anything_is_measured(tmp_path, more, says):
    assert declared(tmp_path, f"{WORKED}, {more}").startswith(says)


def test_a_declaration_that_is_wrong_ends_the_run_with_one_line_before_anything_is_measured(tmp_path):
    source = f"{WORDS}\nexperiment = Experiment(question='?', {MEASURED}, claims='It holds')\n"
    path = experiment_file(tmp_path / "mine.py", source)
    ended = run_lab("run", str(path), cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"lab: {path}: `claims` is 'It holds'; give a list: claims=[claim(")
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "results" / "mine").exists()


def test_the_kinds_of_figure_are_those_that_can_be_drawn():
    modules = [import_module(f"lab.present.figures.kinds.{name}") for name in figure_kinds()]
    assert [module.__name__ for module in modules if not callable(module.draw)] == []
    assert "bars" in figure_kinds()


def test_no_axis_can_have_the_name_of_a_column_that_is_written(tmp_path):
    assert made_columns(tmp_path) <= set(COLUMNS.split())


@pytest.mark.parametrize(
    "wrong", ["in_flight=5", "constants=[CostOfWaiting(3, up_to=1)]", "figures=[Figure([])]"]
)
def test_a_wrong_declaration_keeps_no_other_experiment_from_being_measured(tmp_path, wrong):
    folder = tmp_path / "experiments"
    experiment_file(
        folder / "wrong.py", f"{WORDS}\nexperiment = Experiment(question='?', {MEASURED}, {wrong})\n"
    )
    right = (
        f"{WORDS}\nexperiment = Experiment(question='?', measure=lambda _: {{'x': 1}}, grid={{'n': [1]}})"
    )
    experiment_file(folder / "right.py", right)
    ended = run_lab("run", "all", "--quick", cwd=tmp_path)
    assert (ended.code, ended.err.count("wrong.py: ")) == (0, 1)
    assert (tmp_path / "results" / "right" / "summary.csv").is_file()


@pytest.fixture
def model_file(tmp_path, monkeypatch):
    """The place of another model's file, beside those of the lab."""
    house = Path(lab.__file__).parent
    shutil.copytree(house / "models", tmp_path / "lab" / "models")
    (tmp_path / "lab" / "present").symlink_to(house / "present")
    monkeypatch.setattr("lab.catalog.names.PACKAGE", tmp_path / "lab")
    monkeypatch.setattr("lab.catalog.models.PACKAGE", tmp_path / "lab")
    monkeypatch.setattr("lab.models.__path__", [str(tmp_path / "lab" / "models")])
    yield tmp_path / "lab" / "models" / "wrong.py"
    sys.modules.pop("lab.models.wrong", None)


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("needs='numpy'", "`needs` is 'numpy'; give a tuple: (\"requests\",)"),
        ("axes='workers'", "`axes` is 'workers'; give a tuple: (\"workers\",)"),
        ("workers_in='threads'", "`workers_in` is 'threads'; give one of caller, loop, thread, process"),
        (
            "workers_in=['thread']",
            "`workers_in` is ['thread']; give one of caller, loop, thread, process",
        ),
        ("colour='blue'", '`colour` is \'blue\'; give one like "#074d78", or ""'),
        ("colour=5", "`colour` is 5; give one like"),
        ("marker='oo'", "`marker` is 'oo'; give one of .,"),
        ("pickles='no'", "`pickles` is 'no'; give True or False"),
        ("unavailable=None", '`unavailable` is None; give a text, or ""'),
        ("textbook='book'", "`textbook` is 'book'; give a function, or None"),
    ],
)
def test_a_models_field_that_holds_something_else_is_a_fault_of_the_models_file(
    model_file, tmp_path, field, says
):
    imports = "from lab.core.work import Model\nfrom lab.models.threads import opened\n"
    experiment_file(model_file, f"{imports}model = Model(opened, {field})")
    with pytest.raises(LabError) as raised:
        load_model("wrong")
    assert str(raised.value).startswith(f"{model_file}: {says}")
    using = f"{WORDS}\nexperiment = Experiment(question='?', workload=work, grid={{'model': ['wrong']}})"
    found = find(str(experiment_file(tmp_path / "mine.py", using)))
    assert str(found.fault) == str(raised.value)


def test_a_models_marker_may_be_any_of_matplotlib_that_is_one_character():
    ours = set(check_fields.MARKERS) - {""}
    assert ours == {
        each for each in MarkerStyle.markers if isinstance(each, str) and each.strip() and len(each) == 1
    }


def test_every_field_of_a_model_and_of_a_cost_is_checked():
    assert {field.name for field in fields(Model)} == set(check_fields.MODEL)
    costs = get_args(Constant)
    assert {field.name for cost in costs for field in fields(cost)} == set(check_fields.CONSTANT)
