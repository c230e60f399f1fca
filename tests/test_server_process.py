"""The embedded server's process: how it starts, what it is, and that it ends, however that comes about."""

import errno
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from time import monotonic
from urllib.parse import urlsplit

import psutil
import pytest
from server_client import ask, ask_once, await_stats, connected

from lab.core.errors import LabError
from lab.server import MAX_WAIT_MS, TAG_HEADER, app, launch
from lab.server.launch import serving

FOR_EVER = f"/daily/eur.json?wait_ms={MAX_WAIT_MS}"
SERVE = ("-m", "lab", "serve", "--port")
WITHOUT_UVLOOP = (
    "import sys; sys.modules['uvloop'] = None; from lab.server.app import serve; serve(0, until_eof=True)"
)


@contextmanager
def started(*command, **options):
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, **options
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def url_of(process):
    return process.stdout.readline().strip()


@pytest.mark.parametrize("loop", ["the loop it chooses", "asyncio"])
def test_a_wait_is_never_cut_short(loop):
    command = ["-m", "lab.server"] if loop != "asyncio" else ["-c", WITHOUT_UVLOOP]
    with started(*command, stdin=subprocess.PIPE) as process, connected(url_of(process)) as connection:
        for wait_ms in (0, 0.3, 2.5, 5, 5, 5, 5, 5, 5, 5, 5, 20):
            start = monotonic()
            assert ask(connection, f"/daily/eur.json?wait_ms={wait_ms}")[0] == 200
            assert monotonic() - start >= wait_ms / 1000


def test_it_listens_on_the_loopback_address_alone(server):
    listening = [
        c for c in psutil.Process(server.process.pid).net_connections() if c.status == psutil.CONN_LISTEN
    ]
    assert [tuple(c.laddr) for c in listening] == [("127.0.0.1", urlsplit(server.url).port)]


@pytest.mark.skipif(
    not hasattr(psutil, "RLIMIT_NOFILE"), reason="this system does not tell a process's limits"
)
def test_it_raises_its_limit_of_open_descriptors():
    script = 'ulimit -S -n 64; exec "$@"'
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "lab.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert url_of(process)
        soft, hard = psutil.Process(process.pid).rlimit(psutil.RLIMIT_NOFILE)
        process.kill()
    assert soft == hard or soft >= 65_536


def test_it_has_a_session_of_its_own_so_that_ctrl_c_is_not_for_it(server):
    assert os.getsid(server.process.pid) == server.process.pid


def test_the_server_is_gone_when_its_block_is_left():
    with serving() as server:
        assert server.process.poll() is None
    assert server.process.poll() == 0


def test_the_server_is_gone_when_its_block_raises_with_a_request_in_flight(tag):
    with pytest.raises(ZeroDivisionError), serving() as server, connected(server.url) as connection:
        connection.request("GET", FOR_EVER, headers={TAG_HEADER: tag})
        await_stats(server, tag, "requests", 1)
        raise ZeroDivisionError
    assert server.process.poll() == 0


def test_a_server_that_was_killed_is_known_to_be_dead():
    with serving() as server:
        os.kill(server.process.pid, signal.SIGKILL)
        assert server.process.wait(20) == -signal.SIGKILL
        assert server.process.poll() == -signal.SIGKILL
    assert server.process.poll() == -signal.SIGKILL


def test_the_server_ends_with_its_standard_input():
    with started("-m", "lab.server", stdin=subprocess.PIPE) as process:
        assert url_of(process).startswith("http://127.0.0.1:")
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_without_until_eof_the_server_outlives_its_input_and_ends_on_a_signal(number):
    with started(*SERVE, "0", stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        with connected(url_of(process)) as connection:
            assert ask(connection, "/daily/eur.json")[0] == 200
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of another's child")
def test_the_server_ends_when_the_process_that_started_it_is_killed():
    code = (
        "from lab.server.launch import serving\n"
        "with serving() as server: print(server.process.pid, flush=True); input()"
    )
    with started("-c", code, stdin=subprocess.PIPE) as parent:
        server = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            assert select.select([server], [], [], 20)[0] == [server]
        finally:
            os.close(server)


def test_a_port_in_use_is_a_lab_error_that_says_why_and_what_to_do(server):
    port, why = urlsplit(server.url).port, os.strerror(errno.EADDRINUSE)
    with pytest.raises(LabError) as raised:
        app.serve(port)
    remedy = "take another port, or 0 for a free one"
    assert str(raised.value) == f"lab.server: cannot listen on port {port}: {why}; {remedy}"
    assert raised.value.exit_code == 2


def test_a_port_that_was_asked_for_is_the_one_served():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started(*SERVE, str(port), stdin=subprocess.DEVNULL) as process:
        assert url_of(process) == f"http://127.0.0.1:{port}"


def test_a_server_that_is_not_ready_in_time_is_killed_and_reported(monkeypatch):
    monkeypatch.setattr(launch, "START_UP_S", 0.0)
    with pytest.raises(LabError, match="did not start: exit code -9, 0 s allowed") as raised, serving():
        pass
    assert raised.value.exit_code == 3


def test_of_a_servers_standard_error_the_end_is_in_the_message_and_it_never_blocks(monkeypatch, tmp_path):
    fake = tmp_path / "talkative"
    fake.write_text(f"#!{sys.executable}\nimport sys\nsys.stderr.write('x' * 1_000_000 + 'the end')\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(LabError) as raised, serving():
        pass
    kept = "x" * (launch.KEPT_BYTES - len("the end")) + "the end"
    assert raised.value.what == f"the server did not start: exit code 0, 30 s allowed: {kept}"


def test_the_server_is_this_lab_wherever_it_is_started_from(monkeypatch, tmp_path):
    (tmp_path / "lab.py").write_text("raise SystemExit('another lab')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with serving() as server:
        assert ask_once(server, "/daily/eur.json")[0] == 200
