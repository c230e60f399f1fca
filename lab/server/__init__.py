"""The embedded exchange-rate server, in a process of its own.

What the server and its clients agree on; this module imports neither.

GET /daily/<base>.json    the rates of one base, as JSON; 404 for an unknown base.
    ?wait_ms=<number>     answer no sooner than this after the request came in: 0 to MAX_WAIT_MS.
                          Anything else in the query is a 400, so that a typing error never passes
                          for a knob; all refusals of this path are one line, {"error": "..."}.
GET /stats/<tag>          what was counted for a tag, as JSON: requests, new_connections,
                          peak_in_flight, bytes, errors; zeros for a tag that sent nothing. And
                          server_cpu_s, the CPU seconds that the server has had since its start.
DELETE /stats/<tag>       the same, and the counts start again from nothing.
GET /                     one line of plain text that says what there is.

A request is counted under the tag in its header TAG_HEADER; without one, and on /stats, it is not.
    requests          those that were begun.
    new_connections   those that were the first request of any kind on their connection.
    peak_in_flight    the most that were being handled at once, their waits included.
    bytes             body bytes of the answers.
    errors            answers with status 400 or above, and requests whose client left before its answer.
When a tag more than MAX_TAGS comes, the counts of the tag first seen longest ago are dropped.
"""

TAG_HEADER = "X-Lab-Tag"
MAX_WAIT_MS = 60_000
MAX_TAGS = 1_000
