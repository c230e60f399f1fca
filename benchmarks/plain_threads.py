"""Fourteen fetches with a thread each and a stopwatch: what the lab's numbers are held against."""

import statistics
import sys
import threading
import time

import requests

BASES = ["eur", "gbp", "aud", "chf", "cad", "kes", "bhd", "egp", "krw", "cop", "bbd", "djf", "hnl", "ugx"]


def fetch(base: str, rates: dict[str, dict[str, float]]) -> None:
    with requests.Session() as session:
        session.trust_env = False  # as the lab has it: on this machine there is no proxy to ask
        document = session.get(f"{sys.argv[1]}/daily/{base}.json?wait_ms=50", timeout=30).json()
    rates[base] = {code: entry["rate"] for code, entry in document.items()} | {base: 1.0}


seconds = []
for _ in range(6):
    rates: dict[str, dict[str, float]] = {}
    began = time.perf_counter()
    threads = [threading.Thread(target=fetch, args=(base, rates)) for base in BASES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds.append(time.perf_counter() - began)
print(statistics.median(seconds[1:]))
