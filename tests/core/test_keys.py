"""The key file: made once, for its owner alone, and refused when it is another."""

import base64
import logging
import multiprocessing
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import keys, persons
from core.errors import Misconfigured
from core.models import Person
from core.sealing import check_fits

ONE, TWO, ROOT = (base64.b64encode(bytes([n]) * 32).decode() for n in range(3))
WHOLE = f"kek 1 {ONE}\nroot {ROOT}\n"


def refused(path: Path, *, create: bool = False) -> str:
    with pytest.raises(Misconfigured) as error:
        keys.open_file(path, create=create)
    return error.value.key


def test_a_missing_file_is_made_for_its_owner_alone_and_said_aloud(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "key"
    with caplog.at_level(logging.WARNING):
        keys.open_file(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(path) in caplog.text
    assert list(tmp_path.iterdir()) == [path]
    made = path.read_text()
    keys.open_file(path, create=True)
    assert path.read_text() == made
    assert ONE not in made


def test_without_leave_to_make_one_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "key") == "error.key_file_missing"
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere" / "key", create=True) == "error.key_file_not_made"


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o666, 0o777])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    path.write_text(WHOLE)
    path.chmod(mode)
    assert refused(path) == "error.key_file_open_to_others"
    path.chmod(0o640)
    keys.open_file(path, create=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"kek 1 {ONE}",
        f"root {ROOT}",
        WHOLE + "more 1",
        f"kek 1 {ONE[:-8]}\nroot {ROOT}",
        f"kek 1 {'!' * 44}\nroot {ROOT}",
        f"kek 1:2 {ONE}\nroot {ROOT}",
        f"kek 1 {ONE}\nkek 1 {TWO}\nroot {ROOT}",
        f"kek 1 {ONE}\nroot {ROOT}\nroot {TWO}",
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(0o600)
    assert refused(path) == "error.key_file_wrong"


def test_a_folder_or_a_file_of_bytes_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == "error.key_file_missing"
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    (tmp_path / "key").chmod(0o600)
    assert refused(tmp_path / "key") == "error.key_file_missing"


def _root_after_opening(path: Path) -> bytes:
    keys.open_file(path, create=True)
    return keys.keys().root


def test_processes_that_start_at_once_share_one_file(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        roots = pool.map(_root_after_opening, [tmp_path / "key"] * 8, chunksize=1)
    assert len(set(roots)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_the_last_key_wraps_and_all_unwrap() -> None:
    before = keys.parse(WHOLE, "")
    wrapped = before.wrap(b"data", "leyla")
    rotated = keys.parse(f"kek 1 {ONE}\nkek 2 {TWO}\nroot {ROOT}", "")
    assert rotated.unwrap(wrapped, "leyla") == b"data"
    again = rotated.wrap(b"data", "leyla")
    assert again.startswith(b"2:")
    assert rotated.unwrap(again, "leyla") == b"data"
    with pytest.raises(Misconfigured):
        before.unwrap(again, "leyla")


@pytest.mark.parametrize("wrapped", [b"", b"1", b"1:", b"1:short", b"9:" + b"x" * 60, b"\xff:x"])
def test_what_is_no_wrapped_key_is_refused(wrapped: bytes) -> None:
    with pytest.raises(Misconfigured):
        keys.parse(WHOLE, "").unwrap(wrapped, "leyla")


def test_another_persons_key_or_another_key_of_the_same_name_is_refused() -> None:
    wrapped = keys.parse(WHOLE, "").wrap(b"data", "leyla")
    with pytest.raises(Misconfigured):
        keys.parse(WHOLE, "").unwrap(wrapped, "josef")
    with pytest.raises(Misconfigured):
        keys.parse(f"kek 1 {TWO}\nroot {ROOT}", "").unwrap(wrapped, "leyla")


async def test_a_key_file_made_anew_does_not_fit_the_database(database: str) -> None:
    await check_fits()
    await persons.create("de")
    await check_fits()
    keys.use(keys.fresh())
    with pytest.raises(Misconfigured):
        await check_fits()
    await Person.all().update(wrapped_key=None)
    await check_fits()


@given(st.text(min_size=1), st.text(min_size=1))
def test_blind_indexes_tell_values_and_purposes_apart(one: str, other: str) -> None:
    keys.use(keys.parse(WHOLE, ""))
    same = keys.blind("name", one) == keys.blind("name", other)
    assert same == (one == other)
    assert keys.blind("name", one) != keys.blind("email", one)
