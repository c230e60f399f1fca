"""What is read of the machine and of the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.environment.interpreter import build_flags, debug_modes, optimised
from lab.environment.machine import governors, quota_cores


def machine_with(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def test_the_least_quota_of_all_groups_around_counts(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/outer/inner\n",
        "sys/fs/cgroup/outer/inner/cpu.max": "300000 100000\n",
        "sys/fs/cgroup/outer/cpu.max": "150000 100000\n",
    }
    assert quota_cores(machine_with(tmp_path, files)) == 1.5


def test_a_quota_of_max_limits_nothing(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}
    assert quota_cores(machine_with(tmp_path, files)) is None


def test_a_container_whose_group_is_not_to_be_seen_reads_the_mount(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/of/the/host\n", "sys/fs/cgroup/cpu.max": "50000 100000\n"}
    assert quota_cores(machine_with(tmp_path, files)) == 0.5


@pytest.mark.parametrize(("quota_us", "cores"), [("250000", 2.5), ("-1", None)])
def test_version_1_has_a_file_for_quota_and_one_for_period(
    tmp_path: Path, quota_us: str, cores: float | None
) -> None:
    folder = "sys/fs/cgroup/cpu,cpuacct/box"
    files = {
        "proc/self/cgroup": "9:name=systemd:/\n4:cpuset:/box\n2:cpu,cpuacct:/box\n",
        f"{folder}/cpu.cfs_quota_us": quota_us,
        f"{folder}/cpu.cfs_period_us": "100000",
        "sys/fs/cgroup/cpuset/box/cpu.cfs_quota_us": "1000",
        "sys/fs/cgroup/cpuset/box/cpu.cfs_period_us": "100000",
    }
    assert quota_cores(machine_with(tmp_path, files)) == cores


def test_a_system_without_control_groups_has_no_quota(tmp_path: Path) -> None:
    assert quota_cores(tmp_path) is None


def test_the_governors_are_read_from_what_pyperf_says() -> None:
    output = (
        "0-1=driver:x, governor:powersave; 2=driver:x, governor:performance, idle:y; 3=governor:powersave"
    )
    assert governors(output) == ["performance", "powersave"]
    assert governors("idle:haltpoll") == []


def test_a_debug_mode_of_asyncio_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    assert "asyncio's debug mode" in debug_modes()


def test_an_interpreter_says_whether_it_was_built_with_its_profile() -> None:
    assert optimised("'--enable-optimizations' '--with-lto'") is True
    assert optimised("'--prefix=/usr'") is False
    assert optimised(None) is None


def test_of_the_build_the_features_are_kept_and_no_paths() -> None:
    output = "'--prefix=/usr/local' '--enable-shared' '--with-lto' '--with-openssl=/opt' 'CFLAGS=-g -O2'"
    assert build_flags(output) == ["--enable-shared", "--with-lto"]
    assert build_flags(None) == []
