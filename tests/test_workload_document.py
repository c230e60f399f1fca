"""The same document through each client: what is asked for, what comes back, how often is connected."""

import asyncio
import json
import threading
from urllib.request import urlopen

import pytest

from lab.core.errors import LabError
from lab.workloads import _plain, currency, document

CLIENTS = list(document.PACKAGES)


@pytest.fixture
def trial(server, tag, monkeypatch):
    monkeypatch.setenv("LAB_SERVER", server.url)
    monkeypatch.setenv("LAB_TAG", str(abs(hash(tag))))
    monkeypatch.setattr(currency, "_of_thread", threading.local())
    document.httpx_client.cache_clear()
    monkeypatch.setattr("lab.workloads._plain._of_thread", threading.local())

    def counts():
        with urlopen(f"{server.url}/stats/{abs(hash(tag))}") as answer:
            return json.load(answer)

    yield counts
    let_go()


def let_go():
    """Close what a trial's process keeps until it ends."""
    for keeper, name in ((currency._of_thread, "session"), (_plain._of_thread, "connection")):
        if hasattr(keeper, name):
            getattr(keeper, name).close()
    if document.httpx_client.cache_info().currsize:
        document.httpx_client().close()
        document.httpx_client.cache_clear()


def awaited(work, items):
    async def every():
        async with work.awaitable() as get:
            return [await get(item) for item in items]

    return asyncio.run(every())


@pytest.mark.parametrize("connections", ["new", "kept"])
@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_reads_whole_documents_and_connects_as_told(trial, client, connections):
    work = document.fetch(client, connections)
    items = work.items(3)
    assert [work.blocking(item) for item in items] == [work.expect(item) for item in items]
    assert trial()["new_connections"] == (3 if connections == "new" else 1)
    assert awaited(work, items) == [work.expect(item) for item in items]
    assert trial()["new_connections"] == (6 if connections == "new" else 2)
    assert (trial()["requests"], trial()["errors"]) == (6, 0)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_refusal_raises_in_every_client(trial, client):
    work = document.fetch(client)
    with pytest.raises(Exception, match="404"):
        work.blocking("xxx")
    with pytest.raises(Exception, match="404"):
        awaited(work, ["xxx"])


def test_both_plain_clients_send_the_same_bytes(monkeypatch):
    sent = []

    class Unanswered(_plain.HTTPConnection):
        def send(self, data):
            sent.append(data)

        def getresponse(self):
            raise OSError("ignore_sigint")

    monkeypatch.setattr(_plain, "HTTPConnection", Unanswered)
    headers = {"X-Lab-Tag": "a", "Connection": "close"}
    with pytest.raises(OSError, match="ignore_sigint"):
        _plain.blocking("http://127.0.0.1:1/x?y=1", headers, kept=False, patience_s=1)
    assert sent == [_plain.request("127.0.0.1:1", "/x?y=1", headers)]


def test_the_length_expected_is_the_documents():
    lengths = {base: document.expect(base) for base in document.bases(14)}
    assert len(set(lengths.values())) > 7  # another base's document is noticed
    assert min(lengths.values()) > 20_000


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("curl",), "no client 'curl'; there are minimal codec"),
        (("minimal codec", "old"), "are 'new' or 'kept', not 'old'"),
    ],
)
def test_an_argument_that_is_not_offered_is_refused_when_it_is_declared(arguments, says):
    with pytest.raises(LabError, match=says):
        document.fetch(*arguments)
