"""A result of the first format is read under the names of today, and one of this format as it is."""

import json

import pytest
from builders import case, new_writer, sample, span, trial

from lab.store.environment_file import FORMAT, read_environment, write_environment
from lab.store.reading import read

MEMORY = {"model": "asyncio (again)", "how": "home", "crew": 8}


def written(folder, params, **more):
    """Write a result with one case, and return what is read back."""
    writer = new_writer(folder, tuple(params))
    writer.add(trial(of=case(**params)), [sample(of=case(**params))], [span(0, 0, 1, 2)])
    about = read_environment(folder) | more
    about["experiment"]["cases"] = [params]
    about["plan"]["only"] = {axis: [value] for axis, value in params.items() if axis != "model"}
    write_environment(folder, about)
    return read(folder)


def labels(results):
    """Return the axes and their values in each table."""
    return [frame.select(results.axes).row(0) for frame in (results.samples, results.trials, results.spans)]


@pytest.mark.parametrize("more", [{}, {"format": 1}])
def test_axes_values_and_the_control_of_the_first_format_have_the_names_of_today(tmp_path, more):
    results = written(tmp_path, MEMORY, **more)
    assert results.axes == ("model", "how", "workers")
    assert labels(results) == [("asyncio (A/A)", "in_process", "8")] * 3
    assert results.environment["experiment"]["axes"] == ["model", "how", "workers"]
    assert results.environment["experiment"]["cases"][0].keys() == {"model", "how", "workers"}
    assert results.environment["experiment"]["cases"][0]["how"] == "in_process"
    assert results.environment["plan"]["only"] == {"how": ["in_process"], "workers": [8]}


def test_a_result_of_this_format_keeps_its_names(tmp_path):
    results = written(tmp_path, MEMORY, format=FORMAT)
    assert results.axes == tuple(MEMORY)
    assert labels(results) == [("asyncio (again)", "home", "8")] * 3


def test_an_axis_keeps_its_name_beside_one_that_has_the_new_name(tmp_path):
    results = written(tmp_path, {"workers": 2, "crew": 8})
    assert (results.axes, labels(results)) == (("workers", "crew"), [("2", "8")] * 3)


def test_reading_leaves_the_files_as_they_are(tmp_path):
    written(tmp_path, MEMORY)
    assert json.loads((tmp_path / "environment.json").read_text())["experiment"]["axes"] == list(MEMORY)
    assert (tmp_path / "trials.csv").read_text().startswith("experiment,round,trial,model,how,crew,")
