"""Sources and hashes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from lifecircle.provenance import OSM_CREDIT, Source, sha256_of


def test_the_hash_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "abc.bin"
    path.write_bytes(b"abc")
    # FIPS 180-2, appendix B.1
    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path.write_bytes(b"abc" * 1_000_000)
    assert sha256_of(path) != sha256_of_empty(tmp_path)


def sha256_of_empty(folder):
    path = folder / "empty"
    path.write_bytes(b"")
    digest = sha256_of(path)
    assert digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    return digest


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        sha256_of(tmp_path / "nothing")


def test_a_source_is_a_value():
    one = Source(name="a.csv", licence="CC0", rows_in=3, rows_used=2, rows_refused=1)
    assert one == Source(name="a.csv", licence="CC0", rows_in=3, rows_used=2, rows_refused=1)
    with pytest.raises(FrozenInstanceError):
        one.name = "b.csv"
    assert OSM_CREDIT == "© OpenStreetMap contributors, ODbL"
