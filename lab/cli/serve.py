"""`lab serve`: the embedded server in the foreground."""

from typing import Annotated

import typer


def serve(
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 8000,
) -> None:
    """Serve the recorded exchange rates on this machine, until Ctrl-C.

    Example: lab serve --port 8000, then: curl localhost:8000/daily/eur.json?wait_ms=50
    """
    from lab.server import app  # loads aiohttp

    app.serve(port)
