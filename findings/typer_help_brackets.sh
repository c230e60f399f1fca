#!/usr/bin/env bash
# Typer 0.28.0 with Rich 15.0.0: text in square brackets disappears from the help of an option.
#
# Expected: the words of `help=` appear as they are, also "[default: drawn]", which click prints itself in this form.
# Seen:     they are gone, without a warning. Output, without the frame around it:
#
#               --seed        <int>  Seed of the order.
#
# Why:      where Rich is installed, Typer reads help as Rich markup unless `rich_markup_mode=None`, and what looks like
#           a tag with an unknown style is dropped. A backslash before the bracket keeps it.
#           https://typer.tiangolo.com/tutorial/commands/help/#rich-markdown-and-markup
# Found by: reading `lab run --help` beside its source.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check typer==0.28.0 rich==15.0.0

cat >"$folder/program.py" <<'PYTHON'
from typing import Annotated

import typer


def main(seed: Annotated[int | None, typer.Option(help="Seed of the order. [default: drawn]")] = None) -> None:
    """Draw."""


typer.run(main)
PYTHON

COLUMNS=100 "$folder/venv/bin/python" "$folder/program.py" --help | tee "$folder/help.txt"
grep -q "Seed of the order" "$folder/help.txt" || { echo "not as described any more: no help" >&2; exit 1; }
! grep -q "default: drawn" "$folder/help.txt" || { echo "not as described any more" >&2; exit 1; }
