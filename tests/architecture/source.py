"""Where the source is, for the tests that read it."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "bot", "admin")


def modules() -> list[Path]:
    """Return the product's Python files, without migrations, which are written by a machine."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    found.append(ROOT / "passung.py")
    return sorted(path for path in found if path.exists() and "migrations" not in path.parts)


def tracked() -> list[Path]:
    """Return the files that git knows and that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def functions(code: str) -> Iterator[tuple[str, int]]:
    """Yield the name and the length in lines of every function and method of `code`."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def p90(sizes: list[int]) -> int:
    """Return the size that nine tenths do not pass."""
    return sorted(sizes)[max(0, -(-len(sizes) * 9 // 10) - 1)] if sizes else 0
