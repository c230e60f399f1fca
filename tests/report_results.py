"""Results for the tests of the report: a real, small, quick run, and a folder that means harm."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from runs import run_lab, run_lab_process, written

INJECTED = "</script><img src=x onerror=\"document.title='broken'\">"

SMALL = """
experiment = Experiment(
    question="Which waits best, `threads` or <i>tasks</i>?",
    workload=pause.sleep(20),
    grid={"model": ["sequential", "threads", "asyncio"], "tasks": [2, 5], "workers": [2, "all"]},
    figures=[bars("makespan_s"), timeline(tasks=5, workers=2)],
    claims=[claim("Threads gain <u>much</u>", ratio("threads", to="sequential") < 1, statement=1)],
)
"""

LESSON = f'''"""What waiting costs.

{INJECTED} and <script>document.title = 'broken'</script>

## The question

[harm](javascript:alert(1)), [web](https://example.org), ![picture](https://example.org/x.png)

| a | b |
|---|--:|
| 1 | 2 |
"""
from lab import Experiment, bars, claim, ratio, timeline
from lab.workloads import pause
'''

FAILING = f"""
INJECTED = {INJECTED!r}

def fail(item):
    raise ValueError(INJECTED)

def measure(case):
    print(INJECTED, file=sys.stderr, flush=True)
    if case["how"] == "raises":
        raise ValueError(INJECTED)
    spans = [Span(0, 0, 10**6, 10**7, "w", INJECTED), Span(1, 0, 2 * 10**6, 2 * 10**7, "w")]
    numbers = {{"lost_percent": 1.5, "known_after_s": 0.02, "said": INJECTED, "late": True}}
    return Measurement(numbers, spans)

experiment = Experiment(question="What fails?" + INJECTED, measure=measure,
                        grid={{"how": ["works", "raises"]}}, samples=1, warmups=0)
"""

WIDE = """
def measure(case):
    return {f"hanging_processes_number_{n}_percent": n for n in range(20)} | {"seen": case["how"]}

experiment = Experiment(question="What fits on paper?", measure=measure, grid={"how": ["a", "b"]},
                        samples=1, warmups=0)
"""

HOSTILE = 'x"><img src=x onerror=alert(1)>'
"""A folder's name, which nobody gives who means well."""


def quick_run(folder: Path) -> Path:
    """Run three experiments for real, add results of a hostile name, and write the report; return it."""
    experiments = folder / "experiments"
    written(experiments, "failing", FAILING)
    written(experiments, "wide", WIDE)
    (experiments / "small.py").write_text(LESSON + SMALL)
    ended = run_lab("run", "all", "--quick", cwd=folder)
    assert ended.code == 1, ended.err  # one trial of `failing` raises, as it should
    assert "Report: results/index.html\n" in ended.err
    results = folder / "results"
    shutil.copytree(results / "small", results / HOSTILE)
    environment = json.loads((results / HOSTILE / "environment.json").read_text())
    environment["experiment"] |= {"name": "../../etc", "file": "../../x.py", "question": INJECTED}
    environment["plan"]["only"] = {"model": ["$(reboot)"]}
    (results / HOSTILE / "environment.json").write_text(json.dumps(environment))
    (results / "broken").mkdir()
    (results / "broken" / "trials.csv").write_text(f"{INJECTED}\n")
    again = run_lab_process("report", cwd=folder)
    assert again.code == 0, again.err
    assert [line.split(": ")[1] for line in again.err.splitlines()] == ["broken", "results/index.html"]
    return results / "index.html"
