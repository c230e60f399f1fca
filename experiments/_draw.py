"""A script that draws a number when it is imported and prints it, and that of each of its two children.

    python _draw.py forkserver      prints [0.41, 0.07, 0.99]: its own, and theirs

For `experiments/start_method.py`. A script is not imported by the same rules as a module: a fork server
may import it for all its children before they exist.
"""

import json
import random
import sys
from multiprocessing import get_all_start_methods, get_context
from typing import Any

NUMBER = random.random()


def numbers_of(start: str) -> list[float]:
    """Return the number that the script has drawn, and those of its children, started so."""
    import subprocess  # here: the children import this file, and should not pay for that

    command = [sys.executable, "-P", __file__, start]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    numbers: list[float] = json.loads(printed)
    return numbers


def of_a_script(start: str) -> dict[str, bool]:
    """Return whether the script's children have one and the same number, where they can be started so."""
    if start not in get_all_start_methods():
        return {}
    _, *of_children = numbers_of(start)
    return {"script_same_number": len(set(of_children)) == 1}


def tell(numbers: Any) -> None:
    """Tell the number, as a child."""
    numbers.put(NUMBER)


def main(start: str) -> None:
    """Print the number, and those of two children."""
    context: Any = get_context(start)
    numbers = context.SimpleQueue()
    children = [context.Process(target=tell, args=(numbers,)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    sys.stdout.write(json.dumps([NUMBER, *(numbers.get() for _ in children)]))


if __name__ == "__main__":
    main(sys.argv[1])
