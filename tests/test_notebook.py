"""Everything runs from a notebook: one is executed here, in a kernel of its own."""

import sys
from textwrap import dedent

import nbformat
import pytest
from nbclient import NotebookClient
from runs import written

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it starts processes by fork")

SMALL = """
from lab import bars, claim, ratio
from lab.workloads import pause
experiment = Experiment(question="Which <b>pauses</b> shortest?", workload=pause.sleep(5),
                        samples=1, warmups=0,
                        grid={"model": ["threads", "processes", "process_pool", "asyncio"], "tasks": [2],
                              "start_method": ["fork", "spawn"]},
                        figures=[bars()],
                        claims=[claim("Threads <i>pause</i>", ratio("threads", to="asyncio") < 9)])
"""

CELLS = [
    """
    import asyncio, ctypes, signal, subprocess, sys, threading
    import lab

    loop = asyncio.get_running_loop()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()

    def adopts_orphans():
        adopts = ctypes.c_int()
        ctypes.CDLL(None).prctl(37, ctypes.byref(adopts), 0, 0, 0)
        return adopts.value

    def threads():  # but that of zmq, which sends what is displayed and is large
        return sum(not type(each).__module__.startswith("zmq.") for each in threading.enumerate())

    before = signal.getsignal(signal.SIGINT), adopts_orphans(), threads()
    """,
    """
    r = lab.run("small", quick=True)
    """,
    """
    r
    """,
    """
    assert r.trials["status"].to_list() == ["ok"] * 6
    assert r.samples["makespan_s"].min() >= 0.005
    assert r.spans.height == 12
    assert set(r.summary["metric"]) >= {"makespan_s", "cpu_s"}
    assert r.claims["verdict"].to_list() == ["undecided"]
    assert r.environment["plan"]["command"] == "lab run small --quick"
    """,
    """
    # What is not the lab's is as it was.
    assert child.poll() is None and thread.is_alive()
    after = signal.getsignal(signal.SIGINT), adopts_orphans(), threads()
    assert after == before, (before, after)
    child.communicate(b"\\n")
    done.set()
    """,
    """
    again = lab.load("results/small")
    assert again.summary.equals(r.summary) and again.samples.equals(r.samples)
    assert again.claims.equals(r.claims)
    print(again)
    """,
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """The notebook's cells, executed."""
    folder = tmp_path_factory.mktemp("notebook")
    written(folder / "experiments", "small", SMALL)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(dedent(cell)) for cell in CELLS])
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
            patch.setenv(name, str(folder / name.lower()))
        client = NotebookClient(
            notebook, timeout=50, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
    return notebook.cells


def streamed(cell, name):
    return "".join(output["text"] for output in cell["outputs"] if output.get("name") == name)


def test_a_run_in_a_notebook_tells_a_line_a_round_and_nothing_else(cells):
    lines = streamed(cells[1], "stderr").splitlines()
    assert "small: round 1 of 1" in lines
    assert not [line for line in lines if "\x1b" in line], (
        "a kernel asks for colour, and this is no terminal"
    )
    assert streamed(cells[1], "stdout") == ""


def test_a_result_shows_its_tables_and_its_figures(cells):
    (shown,) = cells[2]["outputs"]
    html = shown["data"]["text/html"]
    assert shown["data"]["text/plain"].startswith("<Findings of small: 6 trials in ")
    for words in (
        "<table",
        "makespan",
        ">process_pool<",
        "Undecided: ",
        '<img src="data:image/svg+xml;base64,',
    ):
        assert words in html


def test_text_stays_text_in_a_notebook(cells):
    html = cells[2]["outputs"][0]["data"]["text/html"]
    assert (
        "Which &lt;b&gt;pauses&lt;/b&gt; shortest?" in html and "Threads &lt;i&gt;pause&lt;/i&gt;" in html
    )
    assert "<b>" not in html and "<i>" not in html


def test_printed_it_is_the_page_of_the_command_line(cells):
    printed = streamed(cells[5], "stdout")
    assert printed.startswith("small: Which <b>pauses</b> shortest?\n") and "process_pool" in printed
