#!/usr/bin/env bash
# httpx 0.28.1 with httpcore 1.0.9: with fifty requests in flight, keeping the connections costs more CPU than opening
# a new one for each request.
#
# Expected: a kept connection saves the connecting, so a request takes less CPU than with `Connection: close`.
# Seen:     it takes about two and a half times as much (2.5 on a busy two-core machine, CPython 3.11; four with 200 in
#           flight). Output, of which the numbers vary and the order does not:
#
#               50 in flight, CPU of a request: 2.5 ms with a new connection, 6.3 ms with a kept one
#
# Why:      for every request that begins or ends, the pool looks at every connection that it keeps, so the cost grows
#           with their number. https://github.com/encode/httpcore/pull/1035 describes the loop and proposes another one.
# Found by: the experiment `clients`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check httpx==0.28.1 httpcore==1.0.9

cat >"$folder/server.py" <<'PYTHON'
import asyncio

BODY = b"x" * 27_000


async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.01)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY))
            await writer.drain()
            if b"connection: close" in head.lower():
                break
    except asyncio.IncompleteReadError:
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
PYTHON

cat >"$folder/client.py" <<'PYTHON'
import asyncio
import subprocess
import sys
import time

import httpx

IN_FLIGHT, REQUESTS = 50, 400


async def cpu_of_each_ms(url, headers):
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(headers=headers, limits=limits, trust_env=False, timeout=60) as client:
        gate = asyncio.Semaphore(IN_FLIGHT)

        async def fetch():
            async with gate:
                (await client.get(url)).raise_for_status()

        await asyncio.gather(*(fetch() for _ in range(IN_FLIGHT)))  # opens the connections that are kept
        began = time.process_time()
        await asyncio.gather(*(fetch() for _ in range(REQUESTS)))
        return 1000 * (time.process_time() - began) / REQUESTS


with subprocess.Popen([sys.executable, sys.argv[1]], stdout=subprocess.PIPE, text=True) as server:
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}/"
    new = asyncio.run(cpu_of_each_ms(url, {"Connection": "close"}))
    kept = asyncio.run(cpu_of_each_ms(url, {}))
    server.kill()
print(f"{IN_FLIGHT} in flight, CPU of a request: {new:.1f} ms with a new connection, {kept:.1f} ms with a kept one")
sys.exit("not as described any more" if kept < 1.3 * new else 0)
PYTHON

"$folder/venv/bin/python" "$folder/client.py" "$folder/server.py"
