"""The packages that experiment files are imported into: one for each folder that holds some.

An experiment is a file that somebody copied, often outside any package. Its functions must be found again
by name in a worker process that was spawned, and the helpers beside it (`from . import _helper`) must be
those of its own folder. So every folder is a package `lab.experiments.at_<hash of its path>`. The folders
travel in the environment, which every child inherits.
"""

import os
import sys
from pathlib import Path
from types import ModuleType
from zlib import crc32

VARIABLE = "LAB_EXPERIMENTS"

_beside_package = Path(__file__).parents[2] / "experiments"  # in a checkout
_in_package = Path(__file__).parent  # installed: the experiments ship in here

shipped = _beside_package if _beside_package.is_dir() else _in_package


def package_of(folder: str) -> str:
    """Return the name of a folder's package, which is importable from now on, here and in every child."""
    name = f"{__name__}.at_{crc32(os.fsencode(folder)):08x}"
    if name not in sys.modules:
        sys.modules[name] = package = ModuleType(name, "A folder of experiments.")
        package.__path__ = [folder]
    if folder not in (folders := _folders()):
        os.environ[VARIABLE] = "\n".join([*folders, folder])
    return name


def _folders() -> list[str]:
    return os.environ.get(VARIABLE, "").split("\n") if os.environ.get(VARIABLE) else []


for _folder in _folders():
    package_of(_folder)
