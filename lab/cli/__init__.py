"""The commands; the only package that prints, and that turns an error into an exit code."""

import typer

from lab.cli import guard
from lab.cli.claims import claims
from lab.cli.demo import demo
from lab.cli.doctor import doctor
from lab.cli.listing import listing
from lab.cli.predict import predict
from lab.cli.run import run
from lab.cli.serve import serve
from lab.cli.show import plot, report, show, trace

app = typer.Typer(
    name="lab",
    help="Run the same work under every concurrency model Python offers, and compare.",
    epilog="Example: lab run fetch --quick",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("list")(guard.guarded(listing))
for command in (run, show, plot, trace, report, claims, predict, serve, demo, doctor):
    app.command()(guard.guarded(command))


def main() -> None:
    """Run the command line and exit."""
    guard.leave(guard.run(app))
