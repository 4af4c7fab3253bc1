"""The tests' browser is found, or brought, or asked for in plain words; axe-core sees faults."""

import os
from pathlib import Path

import pytest

from tests import browser

APT = """#!/bin/sh
echo "$@" >> {log}
case "$*" in *install*) printf '#!/bin/sh\\n' > {folder}/chromium; chmod +x {folder}/chromium;; esac
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a shell and nothing else but what the test puts there."""
    for name in ("sh", "chmod"):
        (tmp_path / name).symlink_to(Path("/bin") / name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def program(file: Path, text: str = "#!/bin/sh\n") -> Path:
    file.write_text(text)
    file.chmod(0o755)
    return file


def test_the_one_that_is_named_comes_first(path: Path, monkeypatch: pytest.MonkeyPatch):
    program(path / "chromium")
    monkeypatch.setenv("CHROMIUM", str(program(path / "mine")))
    assert browser.find_chromium() == str(path / "mine")


def test_one_that_is_named_wrongly_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch):
    program(path / "chromium")
    monkeypatch.setenv("CHROMIUM", str(path / "gone"))
    with pytest.raises(browser.NoBrowser):
        browser.bring_chromium()


def test_root_on_debian_gets_one_installed(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(path / "apt-get", APT.format(log=path / "log", folder=path))
    assert browser.bring_chromium() == str(path / "chromium")
    assert "update" in (path / "log").read_text()


def test_who_may_not_install_is_told_what_to_do(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program(path / "apt-get", APT.format(log=path / "log", folder=path))
    with pytest.raises(browser.NoBrowser, match="apt-get install chromium"):
        browser.bring_chromium()
    assert not (path / "log").exists()


def test_an_install_that_fails_tells_why(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(path / "apt-get", "#!/bin/sh\necho no route >&2\nexit 100\n")
    with pytest.raises(browser.NoBrowser, match="no route"):
        browser.bring_chromium()


async def test_a_page_that_keeps_people_out_is_seen():
    async with browser.open_browser() as chromium:
        page = await chromium.new_page()
        await page.set_content("<html lang=de><title>Praxis</title><main><h1>Termin</h1></main>")
        assert not await browser.accessibility_faults(page)
        await page.set_content("<html lang=de><title>Praxis</title><main><img src=a.png></main>")
        assert any("image-alt" in fault for fault in await browser.accessibility_faults(page))
