"""The embedded exchange-rate server, in a process of its own.

What the server and its clients agree on; this module imports neither.

GET /daily/<base>.json    the rates of one base, as JSON; 404 for an unknown base.
    ?wait_ms=<number>     answer this long after the request came in, and not before: 0 to MAX_WAIT_MS.
    &rate_per_s=<number>  serve its tag so many a second, MIN_RATE_PER_S to MAX_RATE_PER_S, and
    &burst=<number>       so many at once after a pause, 1 (the default) to MAX_BURST. A request beyond
                          that is a 429, at once and whatever its wait_ms.
                          Anything else in the query is a 400, so that a typing error is never taken
                          for an option; all refusals of this path are one line, {"error": "..."}.
GET /stats/<tag>          what was counted for a tag, as JSON: requests, new_connections,
                          peak_in_flight, bytes, errors, refused; zeros for a tag that sent nothing.
                          And server_cpu_s, the CPU seconds that the server has had since its start.
DELETE /stats/<tag>       the same, and the counts start again from nothing, and its bucket full.
GET /                     one line of plain text: what can be asked for.

A request is counted under the tag in its header TAG_HEADER; without one, and on /stats, it is not.
    requests          those that were begun.
    new_connections   those that were the first request of any kind on their connection.
    peak_in_flight    the most that were being handled at once, their waits included.
    bytes             body bytes of the answers.
    errors            answers with status 400 or above, and requests whose client left before its answer.
    refused           answers with status 429; they are among the errors.

A token bucket for each tag enforces a rate; requests without a tag share one. Every request states its
rate, and a tag that states another begins with a full bucket. A 429 states the time until there is a token
again: in Retry-After, in whole seconds (RFC 9110 has no others), so 1 or more; and exactly, as some public
services do, in RETRY_AFTER_MS_HEADER.

When a tag more than MAX_TAGS comes, what is kept of the tag first seen longest ago is dropped.
"""

TAG_HEADER = "X-Lab-Tag"
RETRY_AFTER_MS_HEADER = "Retry-After-Ms"
MAX_WAIT_MS = 60_000
MIN_RATE_PER_S, MAX_RATE_PER_S = 0.001, 100_000
MAX_BURST = 100_000
MAX_TAGS = 1_000
