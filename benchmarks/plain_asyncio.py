"""Fourteen fetches with asyncio and a stopwatch: what the lab's numbers are held against."""

import asyncio
import statistics
import sys
import time

import aiohttp

BASES = ["eur", "gbp", "aud", "chf", "cad", "kes", "bhd", "egp", "krw", "cop", "bbd", "djf", "hnl", "ugx"]


async def fetch(session: aiohttp.ClientSession, base: str) -> dict[str, float]:
    async with session.get(f"{sys.argv[1]}/daily/{base}.json?wait_ms=50") as response:
        document = await response.json()
    return {code: entry["rate"] for code, entry in document.items()} | {base: 1.0}


async def main() -> None:
    seconds = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        for _ in range(6):
            began = time.perf_counter()
            await asyncio.gather(*(fetch(session, base) for base in BASES))
            seconds.append(time.perf_counter() - began)
    print(statistics.median(seconds[1:]))


asyncio.run(main())
