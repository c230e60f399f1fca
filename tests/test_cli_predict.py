"""`lab predict`: what it takes, and what it prints."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest
from predict_results import MODELS, of, write_all
from runs import run_lab, run_lab_process

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.question import Question
from lab.cli.predict import in_json


def test_the_command_prints_a_line_for_each_model_and_where_it_has_the_costs_from(tmp_path) -> None:
    write_all(tmp_path / "mine")
    ended = run_lab_process("predict", "--tasks", "14", "--wait-ms", "50", "--out", "mine", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert "14 tasks, 50 ms of wait and 0 ms of computing each" in ended.out
    for model in MODELS:
        assert f"\n{model} " in ended.out
    assert "fetched through requests/aiohttp" in ended.out
    assert "measured in mine/in_flight" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_the_notes_say_that_connections_are_new_and_which_costs_are_not_of_this_machine(tmp_path) -> None:
    write_all(tmp_path / "mine" / "reference")
    waits = ("--tasks", "14", "--wait-ms", "50", "--out", "mine")
    text = " ".join(run_lab("predict", *waits, cwd=tmp_path).out.split())
    assert text.count("Each fetch opens a new connection.") == 1
    assert text.endswith(
        "What is in mine/reference came with the lab and may be of another machine;"
        " measure here: lab run in_flight start_cost cpu_scaling clients"
    )
    shutil.move(tmp_path / "mine" / "reference" / "clients", tmp_path / "mine" / "clients")
    computes = ("--tasks", "14", "--cpu-ms", "50", "--out", "mine")
    text = " ".join(run_lab("predict", *computes, cwd=tmp_path).out.split())
    assert "connection" not in text
    assert text.endswith("measure here: lab run in_flight start_cost cpu_scaling")
    write_all(tmp_path / "own")
    own = run_lab("predict", "--tasks", "14", "--out", "own", cwd=tmp_path).out
    assert "came with the lab" not in own


def test_extrapolation_is_reported_and_from_how_many_cores(tmp_path) -> None:
    write_all(tmp_path / "mine")
    arguments = ("--tasks", "1000000", "--wait-ms", "50", "--cpu-ms", "0.2", "--cores", "64")
    ended = run_lab("predict", *arguments, "--memory-gib", "1", "--out", "mine", cwd=tmp_path)
    text = " ".join(ended.out.split())
    assert "process_executor and asyncio_processes is extrapolated from 2 measured cores to 64" in text
    assert "More than 1,000 in flight are extrapolated" in text
    assert "asyncio cannot" in text
    assert "GiB of memory: there are 1.0" in text
    assert max(map(len, ended.out.splitlines())) <= 80


def test_one_task_is_told_once_that_it_has_one_core(tmp_path) -> None:
    write_all(tmp_path / "mine")
    arguments = ("--tasks", "1", "--wait-ms", "2000", "--cpu-ms", "5", "--cores", "2", "--out", "mine")
    text = run_lab("predict", *arguments, cwd=tmp_path).out
    assert text.count("cannot use more than one of 2 cores") == text.count("cannot use") == 1
    assert "2.01 s" in text  # and not 2010 ms


@pytest.mark.parametrize(
    "arguments",
    [
        ("--tasks", "1"),
        ("--tasks", "1", "--cores", "1"),
        ("--tasks", "3", "--wait-ms", "1", "--workers", "100"),
        ("--tasks", "10", "--cpu-ms", "5", "--workers", "1", "--memory-gib", "0"),
        ("--tasks", "1000000000", "--wait-ms", "1000", "--cores", "1000"),
    ],
    ids=" ".join,
)
def test_every_question_is_answered_in_80_columns(tmp_path, arguments) -> None:
    write_all(tmp_path / "mine")
    ended = run_lab("predict", *arguments, "--out", "mine", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert all(model in ended.out for model in MODELS)
    assert "nan" not in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_the_command_prints_json_for_a_program(tmp_path) -> None:
    write_all(tmp_path / "mine")
    arguments = ("--tasks", "1000", "--wait-ms", "1000", "--json", "--out", "mine")

    def loop(*more: str) -> dict[str, Any]:
        printed = json.loads(run_lab("predict", *arguments, *more, cwd=tmp_path).out)
        assert printed["sources"]["cpu_scaling"] == "mine/cpu_scaling"
        return next(each for each in printed["forecasts"] if each["model"] == "asyncio")

    minimal, usual = loop("--client", "minimal codec"), loop()
    assert minimal["makespan_s"]["value"] == pytest.approx(1.2)
    assert minimal["cpu_s"]["value"] == pytest.approx(0.2)
    assert usual["cpu_s"]["value"] == pytest.approx(0.3)
    assert usual["memory_bytes"]["value"] == pytest.approx(20e6)  # the peak
    assert usual["waiting_bytes"]["value"] == pytest.approx(10e6)


def test_a_client_that_nobody_measured_is_refused(tmp_path) -> None:
    write_all(tmp_path / "mine")
    ended = run_lab("predict", "--tasks", "3", "--client", "curl", "--out", "mine", cwd=tmp_path)
    assert ended.code == 2
    assert "client 'curl' was not measured; there are minimal codec, requests/aiohttp" in ended.err


@pytest.mark.parametrize(
    ("option", "number", "most"),
    [
        ("--wait-ms", "1e+300", "31536000000"),
        ("--cpu-ms", "31536000001.0", "31536000000"),
        ("--cpu-ms", "inf", "31536000000"),
        ("--tasks", "1000000000001", "1000000000000"),
        ("--workers", "1" + "0" * 400, "1000000000000"),
        ("--cores", "10001", "10000"),
        ("--memory-gib", "1000000001.0", "1000000000"),
    ],
)
def test_a_number_that_is_absurdly_large_is_refused_in_one_line_with_the_most(
    tmp_path, option, number, most
):
    ended = run_lab("predict", "--tasks", "3", option, number, cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(
        f"lab: predict: Invalid value for '{option}': {number} is not in the range "
    )
    assert f"<={most}; see lab predict --help\n" in ended.err
    assert ended.err.count("\n") == 1


def test_the_most_of_everything_is_predicted(tmp_path):
    write_all(tmp_path / "mine")
    most = ("--tasks", "1000000000000", "--wait-ms", "31536000000", "--cpu-ms", "31536000000")
    for form in ((), ("--json",)):
        ended = run_lab("predict", *most, "--cores", "100", *form, "--out", "mine", cwd=tmp_path)
        assert (ended.code, ended.err) == (0, "")
        assert form or max(map(len, ended.out.splitlines())) <= 80
        assert "inf " not in ended.out
        assert "Infinity" not in ended.out


def test_json_has_null_where_there_is_no_number(tmp_path, monkeypatch):
    write_all(tmp_path / "mine")
    endless = replace(of("asyncio", Question(3, 1.0, 0.0, 1)), makespan_s=Estimate(nan, 1.0, inf))
    monkeypatch.setattr("lab.analysis.predict.forecast.forecasts", lambda *_: [endless])
    printed = json.loads(run_lab("predict", "--tasks", "3", "--json", "--out", "mine", cwd=tmp_path).out)
    assert printed["forecasts"][0]["makespan_s"] == {"value": None, "low": 1.0, "high": None}


def test_numbers_in_a_list_are_made_null_too():
    value = {"a": [{"low": inf}, nan, 1.5], "b": -inf, "c": "nan"}
    assert in_json(value) == {"a": [{"low": None}, None, 1.5], "b": None, "c": "nan"}


@pytest.mark.parametrize("option", ["--wait-ms", "--cpu-ms", "--memory-gib"])
def test_nan_is_refused(tmp_path, option):
    ended = run_lab("predict", "--tasks", "3", option, "nan", cwd=tmp_path)
    assert (ended.code, ended.err) == (2, f"lab: {option}: nan is no number to predict with\n")
