import asyncio
import errno
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import AsyncExitStack, contextmanager
from time import monotonic
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest

from lab.core import LabError
from lab.server import MAX_TAGS, MAX_WAIT_MS, TAG_HEADER, launch, rates
from lab.server.counts import Counts
from lab.server.launch import serving

NOTHING = {"requests": 0, "new_connections": 0, "peak_in_flight": 0, "bytes": 0, "errors": 0}
FOR_EVER = f"/daily/eur.json?wait_ms={MAX_WAIT_MS}"
WITHOUT_UVLOOP = (
    "import sys; sys.modules['uvloop'] = None; from lab.server.__main__ import main; sys.exit(main())"
)


@pytest.fixture(scope="module")
def server():
    with serving() as server:
        yield server


@pytest.fixture
def tag(request):
    return request.node.name


@contextmanager
def connected(url):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def ask(connection, path, tag=None, method="GET"):
    connection.request(method, path, headers={TAG_HEADER: tag} if tag else {})
    response = connection.getresponse()
    return response.status, response.read()


def ask_once(server, path, tag=None, method="GET"):
    with connected(server.url) as connection:
        return ask(connection, path, tag, method)


def stats(server, tag, method="GET"):
    status, body = ask_once(server, f"/stats/{tag}", method=method)
    assert status == 200
    return json.loads(body)


def await_stats(server, tag, name, value):
    """Ask until the server has counted so many; the requests before it are on their way."""
    deadline = monotonic() + 20
    while (seen := stats(server, tag))[name] != value:
        assert monotonic() < deadline, f"{name} is {seen[name]}, not {value}"
    return seen


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
    return json.loads(process.stdout.readline())["url"]


@pytest.mark.parametrize("base", ["pln", "usd", "eur", "ugx"])
def test_a_base_is_answered_with_its_document(server, base):
    status, body = ask_once(server, f"/daily/{base}.json")
    assert status == 200
    assert json.loads(body) == rates.document(base)


def test_every_base_is_answered_with_the_recorded_rates(server):
    with connected(server.url) as connection:
        for base in rates.codes():
            _, body = ask(connection, f"/daily/{base}.json")
            assert {code: entry["rate"] for code, entry in json.loads(body).items()} == rates.rates(base)


@pytest.mark.parametrize(
    "path", ["/daily/xyz.json", "/daily/EUR.json", "/daily/eur", "/daily/", "/eur.json", "/stats"]
)
def test_what_is_not_there_is_a_404_that_says_so_in_one_line(server, path):
    status, body = ask_once(server, path)
    assert status == 404
    assert path.split("/")[-1] in json.loads(body)["error"]
    assert b"\n" not in body


def test_the_root_says_what_there_is_in_one_line(server):
    status, body = ask_once(server, "/")
    assert status == 200
    assert b"150 bases" in body
    assert body.count(b"\n") == 1


@pytest.mark.parametrize("wait", ["-1", "nan", "inf", "soon", "", str(MAX_WAIT_MS + 1)])
def test_a_wait_that_is_no_number_in_range_is_a_400_that_names_it(server, wait):
    status, body = ask_once(server, f"/daily/eur.json?wait_ms={wait}")
    assert status == 400
    assert json.loads(body) == {"error": f"wait_ms={wait!r} is not a number from 0 to {MAX_WAIT_MS}"}


def test_an_unknown_query_parameter_is_a_400_that_names_it(server):
    status, body = ask_once(server, "/daily/eur.json?wait=5&wait_ms=0&fault")
    assert status == 400
    assert json.loads(body) == {"error": "no query parameter 'fault, wait'; there is wait_ms"}


def test_a_wait_given_twice_is_a_400(server):
    assert ask_once(server, "/daily/eur.json?wait_ms=0&wait_ms=1")[0] == 400


@pytest.mark.parametrize("loop", ["the loop it chooses", "asyncio"])
def test_a_wait_is_never_cut_short(loop):
    command = ["-m", "lab.server"] if loop != "asyncio" else ["-c", WITHOUT_UVLOOP]
    with started(*command, stdin=subprocess.DEVNULL) as process, connected(url_of(process)) as connection:
        for wait_ms in (0, 0.3, 2.5, 5, 5, 5, 5, 5, 5, 5, 5, 20):
            start = monotonic()
            assert ask(connection, f"/daily/eur.json?wait_ms={wait_ms}")[0] == 200
            assert monotonic() - start >= wait_ms / 1000


def test_requests_on_a_kept_connection_are_one_new_connection_and_one_at_a_time(server, tag):
    with connected(server.url) as connection:
        sizes = [len(ask(connection, f"/daily/{base}.json", tag)[1]) for base in ("eur", "pln", "usd")]
    assert stats(server, tag) == {
        "requests": 3,
        "new_connections": 1,
        "peak_in_flight": 1,
        "bytes": sum(sizes),
        "errors": 0,
    }


def test_requests_on_connections_of_their_own_are_as_many_new_connections(server, tag):
    for _ in range(3):
        ask_once(server, "/daily/eur.json", tag)
    seen = stats(server, tag)
    assert (seen["requests"], seen["new_connections"]) == (3, 3)


def test_a_refused_request_is_counted_as_an_error_with_the_bytes_of_its_answer(server, tag):
    bodies = [
        ask_once(server, path, tag)[1] for path in ("/daily/xyz.json", "/daily/eur.json?wait_ms=x", "/no")
    ]
    seen = stats(server, tag)
    assert (seen["requests"], seen["errors"]) == (3, 3)
    assert seen["bytes"] == sum(map(len, bodies))


def test_delete_gives_the_counts_and_starts_again_with_kept_connections_known(server, tag):
    with connected(server.url) as connection:
        ask(connection, "/daily/eur.json", tag)
        before = stats(server, tag)
        assert stats(server, tag, method="DELETE") == before
        assert stats(server, tag) == NOTHING
        ask(connection, "/daily/eur.json", tag)
    assert stats(server, tag) == before | {"new_connections": 0}


def test_requests_without_a_tag_and_for_stats_are_not_counted(server, tag):
    ask_once(server, "/daily/eur.json")
    ask_once(server, f"/stats/{tag}", tag, method="DELETE")
    ask_once(server, f"/stats/{tag}", tag)
    assert stats(server, tag) == NOTHING


def test_two_tags_are_counted_apart(server, tag):
    with connected(server.url) as connection:
        ask(connection, "/daily/eur.json", f"{tag}-1")
        ask(connection, "/daily/eur.json", f"{tag}-2")
    assert [stats(server, f"{tag}-{number}")["requests"] for number in (1, 2)] == [1, 1]
    assert [stats(server, f"{tag}-{number}")["new_connections"] for number in (1, 2)] == [1, 0]


def test_concurrent_waits_are_all_in_flight_and_errors_once_their_clients_have_left(server, tag):
    async def leave_when_all_wait(many):
        async with AsyncExitStack() as stack:
            connector = aiohttp.TCPConnector(limit=0)
            session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            headers = {TAG_HEADER: tag}
            waits = [
                asyncio.create_task(session.get(server.url + FOR_EVER, headers=headers))
                for _ in range(many)
            ]
            seen = await asyncio.to_thread(await_stats, server, tag, "requests", many)
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        return seen

    seen = asyncio.run(leave_when_all_wait(40))
    assert seen == NOTHING | {"requests": 40, "new_connections": 40, "peak_in_flight": 40}
    assert await_stats(server, tag, "errors", 40) == seen | {"errors": 40}


def test_the_tag_seen_first_makes_room_for_one_too_many():
    counts = Counts(most=2)
    for tag in ("a", "b", "a", "c"):
        counts.of(tag).answered(200, 1)
    assert [counts.report(tag)["bytes"] for tag in "abc"] == [0, 1, 1]


def test_the_server_keeps_no_more_tags_than_it_says(server, tag):
    with connected(server.url) as connection:
        for number in range(MAX_TAGS + 1):
            ask(connection, "/daily/xyz.json", f"{tag}-{number}")
    assert stats(server, f"{tag}-0") == NOTHING
    assert stats(server, f"{tag}-1")["requests"] == 1


def test_it_listens_on_the_loopback_address_alone(server):
    listening = [c for c in psutil.Process(server.pid).net_connections() if c.status == psutil.CONN_LISTEN]
    assert [tuple(c.laddr) for c in listening] == [("127.0.0.1", urlsplit(server.url).port)]


@pytest.mark.skipif(
    not hasattr(psutil, "RLIMIT_NOFILE"), reason="this system does not tell a process's limits"
)
def test_it_raises_its_limit_of_open_descriptors():
    script = 'ulimit -S -n 64; exec "$@"'
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "lab.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert url_of(process)
        soft, hard = psutil.Process(process.pid).rlimit(psutil.RLIMIT_NOFILE)
        process.kill()
    assert soft == hard or soft >= 65_536


def test_it_has_a_session_of_its_own_so_that_ctrl_c_is_not_for_it(server):
    assert os.getsid(server.pid) == server.pid


def test_the_server_is_gone_when_its_block_is_left():
    with serving() as server:
        assert server.alive()
        assert server.exit_code() is None
    assert not server.alive()
    assert server.exit_code() == 0


def test_the_server_is_gone_when_its_block_raises_with_a_request_in_flight(tag):
    with pytest.raises(ZeroDivisionError), serving() as server, connected(server.url) as connection:
        connection.request("GET", FOR_EVER, headers={TAG_HEADER: tag})
        await_stats(server, tag, "requests", 1)
        raise ZeroDivisionError
    assert server.exit_code() == 0


def test_a_server_that_was_killed_is_known_to_be_dead():
    with serving() as server:
        os.kill(server.pid, signal.SIGKILL)
        server._process.wait(20)
        assert not server.alive()
    assert server.exit_code() == -signal.SIGKILL


def test_the_server_ends_with_its_standard_input():
    with started("-m", "lab.server", "--until-eof", stdin=subprocess.PIPE) as process:
        assert url_of(process).startswith("http://127.0.0.1:")
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_without_until_eof_the_server_outlives_its_input_and_ends_on_a_signal(number):
    with started("-m", "lab.server", stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        with connected(url_of(process)) as connection:
            assert ask(connection, "/daily/eur.json")[0] == 200
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of another's child")
def test_the_server_ends_when_the_process_that_started_it_is_killed():
    code = (
        "from lab.server.launch import serving\n"
        "with serving() as server: print(server.pid, flush=True); input()"
    )
    with started("-c", code, stdin=subprocess.PIPE) as parent:
        server = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            assert select.select([server], [], [], 20)[0] == [server]
        finally:
            os.close(server)


def test_a_port_in_use_is_one_line_and_exit_code_2(server):
    port = str(urlsplit(server.url).port)
    command = [sys.executable, "-m", "lab.server", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    why = os.strerror(errno.EADDRINUSE)
    remedy = "take another port, or 0 for a free one"
    assert ended.stderr == f"lab.server: cannot listen on port {port}: {why}; {remedy}\n"


def test_launching_on_a_port_in_use_says_what_the_server_said(server):
    port = urlsplit(server.url).port
    said = f"did not start.*cannot listen on port {port}: .*in use"
    with pytest.raises(LabError, match=said) as raised, serving(port):
        pass
    assert raised.value.exit_code == 2


def test_a_port_that_cannot_be_is_a_lab_error():
    with pytest.raises(LabError, match="cannot listen on port 70000"), serving(70_000):
        pass


def test_a_port_that_was_asked_for_is_the_one_served():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(port) as server:
        assert server.url == f"http://127.0.0.1:{port}"


def test_a_server_that_is_not_ready_in_time_is_killed_and_reported(monkeypatch):
    monkeypatch.setattr(launch, "START_UP_S", 0.0)
    with pytest.raises(LabError, match="did not start: exit code -9, 0 s allowed") as raised, serving():
        pass
    assert raised.value.exit_code == 3


def test_of_a_servers_standard_error_the_last_is_kept_and_it_never_blocks(monkeypatch, tmp_path):
    fake = tmp_path / "talkative"
    fake.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "sys.stderr.write('x' * 1_000_000 + 'the end'); sys.stderr.flush()\n"
        """sys.stdout.write('{"url": "http://127.0.0.1:1"}\\n'); sys.stdout.flush(); sys.stdin.read()\n"""
    )
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with serving() as server:
        pass
    assert len(server.stderr()) == launch.KEPT_BYTES
    assert server.stderr().endswith("the end")


def test_the_server_is_this_lab_wherever_it_is_started_from(monkeypatch, tmp_path):
    (tmp_path / "lab.py").write_text("raise SystemExit('another lab')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with serving() as server:
        assert ask_once(server, "/daily/eur.json")[0] == 200
