"""What the embedded server answers and counts."""

import asyncio
import json
from contextlib import AsyncExitStack

import aiohttp
import pytest
from server_client import NOTHING, ask, ask_once, await_stats, connected, stats

from lab.server import MAX_TAGS, MAX_WAIT_MS, TAG_HEADER, rates
from lab.server.tags import Tags

FOR_EVER = f"/daily/eur.json?wait_ms={MAX_WAIT_MS}"


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
def test_an_unknown_address_is_a_404_that_says_so_in_one_line(server, path):
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
    error = "no query parameter 'fault, wait'; there are wait_ms, rate_per_s, burst"
    assert json.loads(body) == {"error": error}


def test_a_wait_given_twice_is_a_400(server):
    status, body = ask_once(server, "/daily/eur.json?wait_ms=0&wait_ms=1")
    assert (status, json.loads(body)) == (400, {"error": "wait_ms is given more than once"})


def test_requests_on_a_kept_connection_are_one_new_connection_and_one_at_a_time(server, tag):
    with connected(server.url) as connection:
        sizes = [len(ask(connection, f"/daily/{base}.json", tag)[1]) for base in ("eur", "pln", "usd")]
    assert stats(server, tag) == {
        "requests": 3,
        "new_connections": 1,
        "peak_in_flight": 1,
        "bytes": sum(sizes),
        "errors": 0,
        "refused": 0,
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
    tags = Tags(most=2)
    for tag in ("a", "b", "a", "c"):
        tags[tag].answered(200, 1)
    assert {tag: counts.bytes for tag, counts in tags.items()} == {"b": 1, "c": 1}


def test_the_server_keeps_no_more_tags_than_it_says(server, tag):
    with connected(server.url) as connection:
        for number in range(MAX_TAGS + 1):
            ask(connection, "/daily/xyz.json", f"{tag}-{number}")
    assert stats(server, f"{tag}-0") == NOTHING
    assert stats(server, f"{tag}-1")["requests"] == 1
