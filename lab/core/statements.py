"""The statements about Python's concurrency that the experiments' claims are verdicts on."""

STATEMENTS = {
    1: "Threads make waiting work faster.",
    2: "Threads are not for CPU-intensive work.",
    3: "Threads run cooperatively.",
    4: "The programmer must guard state that threads share.",
    5: "A very long list of items is a reason for a pool: it bounds the rate at which work hits a server.",
    6: "Printing from several threads mixes lines up and loses their order.",
    7: "Daemon threads are stopped abruptly at exit: work in flight and `finally` blocks are lost.",
    8: "Daemon threads suit monitoring and clean-up work.",
    9: "Multiprocessing runs CPU-intensive work truly in parallel.",
    10: "Every process needs its own copy of the data, and each further process needs more resources.",
    11: "Multiprocessing needs no pools, no queues, no error handling, no rate limits.",
    12: "A forked child's memory is independent of its parent's.",
    13: "Processes need signals to communicate.",
    14: "asyncio is always faster than threads.",
}
"""Number -> statement. A claim names the number; one refuted claim refutes its statement."""
