import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.network.reading import NETWORKS, read
from core.network.schema import Network


@pytest.fixture(scope="session")
def demo() -> Network:
    return read(NETWORKS / "demo")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo network that a test may spoil."""
    return Path(shutil.copytree(NETWORKS / "demo", tmp_path / "demo"))


@pytest.fixture
def complaints(folder: Path) -> Callable[[], list[str]]:
    """The lines that reading the spoilt copy brings, in English."""

    def lines() -> list[str]:
        with pytest.raises(Misconfigured) as refused:
            read(folder)
        assert refused.value.key == "error.network_invalid"
        return [problem.in_words("en") for problem in refused.value.data["problems"]]

    return lines
