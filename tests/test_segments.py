"""What a test takes for left in shared memory is its own."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LEAVES = """
import multiprocessing, tempfile
from multiprocessing.shared_memory import SharedMemory
from segments import SHARED, mark, mark_segments, segments

if __name__ == "__main__":
    mark_segments()
    assert segments() == set()
    others = tempfile.TemporaryDirectory(dir=SHARED), tempfile.NamedTemporaryFile(dir=SHARED, prefix="psm_")
    with others[0], others[1]:
        assert segments() == set(), "another program's"
        block = SharedMemory(create=True, size=10)
        assert segments() == {block.name.lstrip("/")}
        lock = multiprocessing.get_context("spawn").Lock()
        assert len(segments()) == 2
        block.close()
        block.unlink()
        del lock
        assert segments() == set()
    print("seen")
"""


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="this system has no folder of shared memory")
def test_only_what_this_process_made_counts_and_all_of_that():
    ended = subprocess.run(
        [sys.executable, "-c", LEAVES], cwd=HERE, capture_output=True, text=True, check=False, timeout=50
    )
    assert (ended.stdout, ended.stderr) == ("seen\n", "")
