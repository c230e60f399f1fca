"""What a block costs where it runs: exact where scripted, and sure to see what is really held and used."""

import subprocess
import sys

import pytest

from lab.cost import here

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the mark")
MIB = 1 << 20


@LINUX
def test_memory_held_and_given_back_within_the_block_is_seen():
    with here.held() as memory:
        block = bytearray(b"x") * (64 * MIB)
        del block
    assert 63 * MIB < memory.bytes < 80 * MIB


@LINUX
def test_the_peak_can_be_asked_for_within_the_block():
    with here.held() as memory:
        block = bytearray(b"x") * (32 * MIB)
        del block
        so_far = memory.so_far()
        later = bytearray(b"x") * (64 * MIB)
        del later
    assert 31 * MIB < so_far < 48 * MIB
    assert memory.bytes > so_far + 30 * MIB


@LINUX
def test_memory_held_and_given_back_before_the_block_is_not():
    block = bytearray(b"x") * (64 * MIB)
    del block
    with here.held() as memory:
        pass
    assert memory.bytes < 8 * MIB


@LINUX
def test_memory_that_a_child_holds_meanwhile_counts_with_the_tree():
    code = (
        f"import sys; input(); block = bytearray(b'x') * {32 * MIB}; del block; print(flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        with here.held(tree=True) as memory, here.held() as alone:
            child.stdin.write(b"\n")
            child.stdin.flush()
            child.stdout.readline()
        child.stdin.write(b"\n")
    assert memory.bytes - alone.bytes > 31 * MIB


def test_where_the_mark_cannot_be_set_back_nothing_is_known(monkeypatch, tmp_path):
    monkeypatch.setattr(here.tree, "PROC", tmp_path)
    with here.held() as memory:
        assert memory.so_far() is None
    assert memory.bytes is None


@LINUX
def test_the_tree_is_at_least_this_process():
    assert here.tree_bytes() > 5 * MIB
