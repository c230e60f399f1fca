"""What is wrong with an experiment's file is said in one line that names the file."""

from importlib import import_module
from pathlib import Path

import pytest
from builders import experiment_file, made_columns

from lab.catalog.checks import COLUMNS
from lab.catalog.experiments import find
from lab.catalog.names import figure_kinds
from lab.core.errors import LabError

pytestmark = pytest.mark.usefixtures("unloaded")


def fault(path: Path) -> LabError:
    found = find(str(path))
    assert found.experiment is None
    assert found.fault is not None
    assert found.fault.where == str(path)
    assert found.fault.exit_code == 2
    assert "\n" not in str(found.fault)
    return found.fault


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
    said = str(fault(path)).partition(" (<string>")[0]
    assert said.startswith(f"{path}: does not import: {says}")


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
        ("{'model': ['thread']}", "no model 'thread'; did you mean 'threads'?"),
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
    if "no model" in says and "measure" in work:
        return  # its models are its own
    assert grid_fault(tmp_path, grid, work).startswith(says)


@pytest.mark.parametrize(
    ("work", "says"),
    [
        ("samples=1", "needs either `workload` or `measure`"),
        ("workload=pause.sleep(), measure=print", "needs either `workload` or `measure`"),
        ("workload=1", "`workload` is a workload or a function of the case; `measure` a function"),
        ("measure=1", "`workload` is a workload or a function of the case; `measure` a function"),
        ("workload=pause.sleep(), baseline='asyncoi'", "no model 'asyncoi'; did you mean 'asyncio'?"),
        ("workload=pause.sleep(), samples=0", "needs samples >= 1, warmups >= 0 and timeout_s > 0"),
        ("workload=pause.sleep(), warmups=-1", "needs samples >= 1, warmups >= 0 and timeout_s > 0"),
        ("workload=pause.sleep(), timeout_s=0", "needs samples >= 1, warmups >= 0 and timeout_s > 0"),
        (
            "measure=print, figures=[__import__('lab.core.figures').core.figures.Figure('bar')]",
            "no kind of figure 'bar'; did you mean 'bars'?",
        ),
        (
            "measure=print, figures=[print]",
            "<built-in function print> is no figure; write figures=[bars()]",
        ),
    ],
)
def test_an_experiment_that_cannot_be_measured_as_declared_is_faulty(tmp_path, work, says):
    assert grid_fault(tmp_path, "{'model': ['threads']}", work) == says


def test_the_kinds_of_figure_are_those_that_can_be_drawn():
    modules = [import_module(f"lab.present.figures.kinds.{name}") for name in figure_kinds()]
    assert [module.__name__ for module in modules if not callable(module.draw)] == []
    assert "bars" in figure_kinds()


def test_no_axis_can_have_the_name_of_a_column_that_is_written(tmp_path):
    assert made_columns(tmp_path) <= set(COLUMNS.split())
