"""A file that has grown or been replaced is on the disk, and not only on its way there."""

import os

import pytest

from lab.store.files import append, replace_file


@pytest.fixture
def synced(monkeypatch):
    """The files that were made to reach the disk, each with its size at that moment."""
    files = []

    def fsync(descriptor):
        status = os.fstat(descriptor)
        files.append((status.st_ino, status.st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    return files


def test_appended_rows_are_flushed_whole_to_the_disk_each_time(tmp_path, synced):
    path = tmp_path / "trials.csv"
    append(path, "one\n")
    append(path, "two\n")
    file = path.stat().st_ino
    assert synced == [(file, 4), (file, 8)]
    assert path.read_text() == "one\ntwo\n"


def test_a_file_is_flushed_whole_to_the_disk_before_it_takes_the_others_place(tmp_path, synced):
    path = tmp_path / "summary.csv"
    path.write_bytes(b"old")
    replaced = path.stat().st_ino
    replace_file(path, b"newer")
    assert synced == [(path.stat().st_ino, 5)] and synced[0][0] != replaced
    assert list(tmp_path.iterdir()) == [path]
