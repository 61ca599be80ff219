"""Payloads are kept as they came, and known to be so."""

import gzip
import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.durable import write_whole
from syncd.store import StoreDamaged, StoreError
from syncd.store.raw import RawPayloads


@given(content=st.binary(max_size=5000))
def test_what_is_put_comes_back(tmp_path_factory, content):
    raw = RawPayloads(tmp_path_factory.mktemp("state") / "raw")
    identity = raw.put(content)
    assert identity == hashlib.sha256(content).hexdigest()
    assert raw.get(identity) == content


def test_a_payload_lies_compressed_under_its_hash_for_its_owner_only(tmp_path):
    identity = RawPayloads(tmp_path / "raw").put(b"run" * 1000)
    path = tmp_path / "raw" / identity[:2] / f"{identity}.gz"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size < 200
    assert gzip.decompress(path.read_bytes()) == b"run" * 1000


def test_the_same_content_twice_is_one_file_that_is_not_written_again(tmp_path):
    raw = RawPayloads(tmp_path / "raw")
    identity = raw.put(b"run")
    (path,) = (p for p in (tmp_path / "raw").rglob("*") if p.is_file())
    os.utime(path, (1, 1))
    assert raw.put(b"run") == identity
    assert path.stat().st_mtime == 1


@pytest.mark.parametrize(
    "damage", [b"", b"not gzip", gzip.compress(b"another run", mtime=0), gzip.compress(b"run", mtime=0)[:-9]]
)
def test_a_damaged_payload_is_reported_and_healed_by_putting_it_again(tmp_path, damage):
    raw = RawPayloads(tmp_path / "raw")
    identity = raw.put(b"run")
    (path,) = (p for p in (tmp_path / "raw").rglob("*") if p.is_file())
    path.write_bytes(damage)
    with pytest.raises(StoreDamaged, match="is damaged; it is left as it is"):
        raw.get(identity)
    assert path.read_bytes() == damage
    raw.put(b"run")
    assert raw.get(identity) == b"run"


def test_a_missing_payload_says_how_to_get_it_back(tmp_path):
    raw = RawPayloads(tmp_path / "raw")
    identity = raw.put(b"run")
    raw.remove(identity)
    raw.remove(identity)
    assert not raw.has(identity)
    with pytest.raises(StoreError, match="syncd import"):
        raw.get(identity)


def test_a_name_is_never_a_path(tmp_path):
    with pytest.raises(StoreError, match="not the name of a payload"):
        RawPayloads(tmp_path / "raw").get("../../etc/passwd")


def test_what_a_kill_left_behind_is_cleared_once_it_is_old(tmp_path):
    old, young = tmp_path / ".a.1.syncd-part", tmp_path / ".b.2.syncd-part"
    foreign = tmp_path / ".c.part"
    for path in (old, young, foreign):
        path.write_text("half")
    os.utime(old, (1, 1))
    os.utime(foreign, (1, 1))
    write_whole(tmp_path / "whole", b"content")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.2.syncd-part", ".c.part", "whole"]
