"""The embedded exchange-rate server, in a process of its own.

What the server and its clients agree on; this module imports neither.

GET /daily/<base>.json    the rates of one base, as JSON; 404 for an unknown base.
    ?wait_ms=<number>     answer no sooner than this after the request came in: 0 to MAX_WAIT_MS.
    &rate_per_s=<number>  serve its tag so many a second, MIN_RATE_PER_S to MAX_RATE_PER_S, and
    &burst=<number>       so many at once, 1 (the default) to MAX_BURST, after a pause. A request
                          beyond that is a 429, at once and whatever its wait_ms.
                          Anything else in the query is a 400, so that a typing error never passes
                          for an option. All refusals of this path are one line, {"error": "..."}.
GET /stats/<tag>          what was counted for a tag, as JSON: requests, new_connections,
                          peak_in_flight, bytes, errors, refused; zeros for a tag that sent nothing.
                          And server_cpu_s, the CPU seconds that the server has used since its start.
DELETE /stats/<tag>       the same; then the counts start again from nothing, and the bucket full.
GET /                     one line of plain text that says what there is.

A request is counted under the tag in its header TAG_HEADER; without one, and on /stats, it is not.
    requests          those that were begun.
    new_connections   those that were the first request of any kind on their connection.
    peak_in_flight    the most that were being handled at once, their waits included.
    bytes             body bytes of the answers.
    errors            answers with status 400 or above, and requests whose client left before its answer.
    refused           answers with status 429; they are among the errors.

Each tag has a token bucket; requests without a tag share one. Every request states the rate it is held
to, and another rate begins with a full bucket. A 429 says when there will be a token again: in
Retry-After, in whole seconds (RFC 9110 knows no others) and so one or more; and exactly, as some public
services do, in RETRY_AFTER_MS_HEADER. At most MAX_TAGS tags are kept: of more, those seen last.
"""

TAG_HEADER = "X-Lab-Tag"
RETRY_AFTER_MS_HEADER = "Retry-After-Ms"
MAX_WAIT_MS = 60_000
MIN_RATE_PER_S, MAX_RATE_PER_S = 0.001, 100_000
MAX_BURST = 100_000
MAX_TAGS = 1_000
