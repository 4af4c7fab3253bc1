"""Habit 2 of the house: the tail is what tires, so the tail has a budget."""

from tests.architecture.source import ROOT, functions, modules, p90

FILE_MOST, FILE_P90 = 300, 180
FUNCTION_MOST, FUNCTION_P90 = 50, 25


def over_budget(sizes: dict[str, int], most: int, nine_tenths: int) -> list[str]:
    """Return what breaks the budget, in words; `sizes` are lines by name."""
    faults = [
        f"{name}: {lines} lines, at most {most}" for name, lines in sizes.items() if lines > most
    ]
    tail = p90(list(sizes.values()))
    if tail > nine_tenths:
        faults.append(f"nine tenths have up to {tail} lines, at most {nine_tenths}")
    return faults


def test_no_file_is_too_long():
    sizes = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in modules()}
    assert not over_budget(sizes, FILE_MOST, FILE_P90)


def test_no_function_is_too_long():
    sizes = {
        f"{path.relative_to(ROOT)}:{name}#{number}": lines
        for path in modules()
        for number, (name, lines) in enumerate(functions(path.read_text()))
    }
    assert not over_budget(sizes, FUNCTION_MOST, FUNCTION_P90)


def test_one_long_file_is_seen():
    assert over_budget({"a.py": 301} | {f"{n}.py": 10 for n in range(20)}, FILE_MOST, FILE_P90)


def test_a_heavy_tail_is_seen_though_no_single_file_is_too_long():
    sizes = {f"{n}.py": 200 if n < 2 else 10 for n in range(10)}
    assert over_budget(sizes, FILE_MOST, FILE_P90)


def test_a_long_method_is_measured_with_its_signature():
    body = "\n".join("        x = 1" for _ in range(50))
    assert list(functions(f"class A:\n    async def f(self):\n{body}\n")) == [("f", 51)]
