"""How often the embedded server lets a tag ask."""

import json
from functools import partial

import pytest
from server_client import ask, connected, stats

from lab.server import MAX_BURST, MAX_RATE_PER_S, MAX_TAGS, MIN_RATE_PER_S, TAG_HEADER
from lab.server.service import query_options, too_many
from lab.server.tags import Rate, Tag, Tags

S = 1_000_000_000
NEVER_AGAIN = "/daily/eur.json?rate_per_s=0.001&burst=2"  # a token in a quarter of an hour


def bucket(rate):
    """Return what takes a token of a tag at a moment."""
    return partial(Tag().take, rate)


def test_a_bucket_gives_its_burst_at_once_and_then_a_token_every_interval():
    take = bucket(Rate(per_s=4, burst=3))
    assert [take(100 * S) for _ in range(5)] == [0, 0, 0, S // 4, S // 4]
    assert [take(100 * S + S // 4) for _ in range(2)] == [0, S // 4]


def test_a_request_a_nanosecond_too_early_is_refused_and_one_at_the_given_time_is_not():
    take = bucket(Rate(per_s=3, burst=1))  # an interval that is no whole number of nanoseconds
    now_ns = 100 * S
    assert take(now_ns) == 0
    for _ in range(1000):
        wait_ns = take(now_ns)
        assert wait_ns == 333_333_333
        assert take(now_ns + wait_ns - 1) == 1
        now_ns += wait_ns
        assert take(now_ns) == 0


def test_a_refused_request_takes_no_token():
    take = bucket(Rate(per_s=1, burst=1))
    assert take(100 * S) == 0
    assert [take(100 * S + S // 2) for _ in range(9)] == [S // 2] * 9
    assert take(101 * S) == 0


def test_a_bucket_never_holds_more_than_its_burst():
    take = bucket(Rate(per_s=10, burst=2))
    assert [take(now_ns) for now_ns in (100 * S, 100 * S, 10_000 * S, 10_000 * S)] == [0] * 4
    assert take(10_000 * S) == S // 10


def test_over_any_time_no_more_than_the_burst_and_the_rate_times_it_get_through():
    take = bucket(Rate(per_s=100, burst=5))
    admitted = [ms for ms in range(2_000) if take(100 * S + ms * 1_000_000) == 0]
    assert len(admitted) == 5 + 199  # at 0 ms the burst is whole; from 10 ms on one every 10 ms
    for first, last in zip(admitted, admitted[6:], strict=False):
        assert last - first >= 20


def test_tags_have_buckets_of_their_own_and_another_rate_begins_with_a_full_one():
    tags, rate = Tags(9), Rate(per_s=1, burst=1)
    assert [tags[tag].take(rate, 100 * S) for tag in ("a", "b", "a", "b")] == [0, 0, S, S]
    assert [tags["a"].take(Rate(per_s=2, burst=1), 100 * S) for _ in range(2)] == [0, S // 2]
    assert tags["b"].take(rate, 100 * S) == S


def test_tokens_drip_as_the_clock_goes():
    take = bucket(Rate(per_s=1, burst=1))
    assert [take(100 * S + ns) for ns in (0, S - 1, S)] == [0, 1, 0]


def test_a_forgotten_tag_has_a_full_bucket_again():
    tags, rate = Tags(9), Rate(per_s=1, burst=1)
    assert tags["a"].take(rate, 100 * S) == 0
    tags.pop("a", None)
    assert [tags["a"].take(rate, 100 * S) for _ in range(2)] == [0, S]


def test_the_tag_seen_first_makes_room_for_one_too_many():
    tags, rate = Tags(2), Rate(per_s=1, burst=1)
    assert [tags[tag].take(rate, 100 * S) for tag in ("a", "b", "c")] == [0, 0, 0]
    assert [tags[tag].take(rate, 100 * S) for tag in ("b", "c", "a")] == [S, S, 0]


@pytest.mark.parametrize(
    ("wait_ns", "whole_s", "exact_ms"),
    [(1, "1", "0.001"), (5_000_000, "1", "5.000"), (S, "1", "1000.000"), (S + 1, "2", "1000.001")],
)
def test_the_wait_is_never_said_shorter_than_it_is(wait_ns, whole_s, exact_ms):
    assert too_many("", wait_ns).headers == {"Retry-After": whole_s, "Retry-After-Ms": exact_ms}


def test_beyond_its_rate_a_tag_is_refused_and_told_when_to_come_again(server, tag):
    with connected(server.url) as connection:
        assert [ask(connection, NEVER_AGAIN, tag)[0] for _ in range(2)] == [200, 200]
        connection.request("GET", NEVER_AGAIN + "&wait_ms=60000", headers={TAG_HEADER: tag})
        response = connection.getresponse()
        assert response.status == 429
        assert json.loads(response.read()) == {"error": "more than 2 at once and 0.001 a second"}
        assert 900 < int(response.headers["Retry-After"]) <= 1000
        assert 900_000 < float(response.headers["Retry-After-Ms"]) <= 1_000_000
        assert ask(connection, NEVER_AGAIN, f"{tag}-other")[0] == 200
        assert ask(connection, "/daily/eur.json", tag)[0] == 200, "who states no rate is not held to one"
    seen = stats(server, tag)
    assert [seen[name] for name in ("requests", "errors", "refused")] == [4, 1, 1]


def test_delete_fills_the_bucket(server, tag):
    with connected(server.url) as connection:
        for _ in range(2):
            assert [ask(connection, NEVER_AGAIN, tag)[0] for _ in range(3)] == [200, 200, 429]
            assert stats(server, tag, method="DELETE")["refused"] == 1


def test_a_request_that_is_wrong_takes_no_token(server, tag):
    with connected(server.url) as connection:
        for path in (NEVER_AGAIN + "&wait_ms=x", NEVER_AGAIN.replace("eur", "xyz")):
            assert ask(connection, path, tag)[0] in (400, 404)
        assert [ask(connection, NEVER_AGAIN, tag)[0] for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("burst=3", "burst is given without rate_per_s"),
        ("rate_per_s=1&burst=1.5", "burst='1.5' is not a whole number"),
        ("rate_per_s=1&burst=0", f"burst='0' is not a number from 1 to {MAX_BURST}"),
        ("rate_per_s=1&burst=nan", f"burst='nan' is not a number from 1 to {MAX_BURST}"),
        *(
            (
                f"rate_per_s={rate}",
                f"rate_per_s={rate!r} is not a number from {MIN_RATE_PER_S} to {MAX_RATE_PER_S}",
            )
            for rate in ("0", "-1", "inf", "nan", "", "fast", str(MAX_RATE_PER_S + 1))
        ),
        ("rate_per_s=1&rate_per_s=2", "rate_per_s is given more than once"),
        ("rate=1", "no query parameter 'rate'; there are wait_ms, rate_per_s, burst"),
    ],
)
def test_a_rate_that_is_none_is_a_400_that_says_why(server, tag, query, says):
    with connected(server.url) as connection:
        status, body = ask(connection, f"/daily/eur.json?{query}", tag)
    assert (status, json.loads(body)) == (400, {"error": says})


def test_a_query_asks_for_what_it_says_and_for_a_burst_of_one_where_it_does_not_say():
    assert query_options({}) == (0, None)
    assert query_options({"wait_ms": "250"}) == (0.25, None)
    assert query_options({"rate_per_s": "2.5"}) == (0, Rate(per_s=2.5, burst=1))
    asked = query_options({"burst": "7", "wait_ms": "1", "rate_per_s": "5"})
    assert asked == (0.001, Rate(per_s=5, burst=7))


def test_the_server_keeps_no_more_buckets_than_it_says(server, tag):
    with connected(server.url) as connection:
        assert [ask(connection, NEVER_AGAIN, tag)[0] for _ in range(3)] == [200, 200, 429]
        for number in range(MAX_TAGS):
            ask(connection, NEVER_AGAIN, f"{tag}-{number}")
        assert ask(connection, NEVER_AGAIN, tag)[0] == 200
