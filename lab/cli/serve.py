"""`lab serve`: the embedded server in the foreground."""

from typing import Annotated

from typer import Option


def serve(
    port: Annotated[int, Option(help="The port; 0 chooses a free one.", min=0, max=65535)] = 8000,
) -> None:
    """Serve the recorded exchange rates on this machine, until Ctrl-C.

    Example: lab serve --port 8000, then: curl localhost:8000/daily/eur.json?wait_ms=50
    """
    from lab.server import app  # loads aiohttp

    app.serve(port)
