"""A script that draws a number when it is imported and prints it, and that of each of its two children.

    python _random_at_import.py forkserver      prints [0.41, 0.07, 0.99]: its own number, and theirs

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
    """Return the number that the script has drawn, and those of children that it starts by this method."""
    import subprocess  # here: the children import this file, and should not pay for that

    command = [sys.executable, "-P", __file__, start]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    numbers: list[float] = json.loads(printed)
    return numbers


def script_children_share_number(start: str) -> dict[str, bool]:
    """Return whether the script's children have the same number, if they can be started by this method."""
    if start not in get_all_start_methods():
        return {}
    _, *of_children = numbers_of(start)
    return {"script_same_number": len(set(of_children)) == 1}


def put_number(numbers: Any) -> None:
    """In the child: put the number on the queue."""
    numbers.put(NUMBER)


def main(start: str) -> None:
    """Print the number, and those of two children."""
    context: Any = get_context(start)
    numbers = context.SimpleQueue()
    children = [context.Process(target=put_number, args=(numbers,)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    sys.stdout.write(json.dumps([NUMBER, *(numbers.get() for _ in children)]))


if __name__ == "__main__":
    main(sys.argv[1])
