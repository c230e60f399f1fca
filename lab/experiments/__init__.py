"""The package that experiment files are imported into, wherever they lie.

An experiment is a file that somebody copied, often outside any package, and its functions must be
found again by name in a worker process that was spawned. So the folder to look in travels in the
environment, which every child inherits, and becomes this package's path.
"""

import os
from pathlib import Path

_beside_package = Path(__file__).parents[2] / "experiments"  # in a checkout
_in_package = Path(__file__).parent  # installed: the experiments ship in here

shipped = _beside_package if _beside_package.is_dir() else _in_package
folder = Path(os.environ.get("LAB_EXPERIMENTS") or shipped)
__path__ = [str(folder)]
