"""Reading YAML strictly: every value is text, no key twice, every mistake with its line."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from core.network.problems import Problem


class _Strict(yaml.SafeLoader):
    """Values stay text, for YAML reads 14:00 as 840, no as false and 0228 as 152."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.yaml_implicit_resolvers = {
            first: [rule for rule in rules if rule[0] == "tag:yaml.org,2002:null"]
            for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }
        self.twice: list[tuple[int, str]] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=self.get_mark())
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="key", problem_mark=name.start_mark)
            if name.value in seen:
                self.twice.append((name.start_mark.line + 1, name.value))
            seen.add(name.value)
        return super().construct_mapping(node, deep=deep)


def load(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """Return the mapping that a file holds; add what is wrong with it to `problems`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        loader = _Strict(text)
        content = loader.get_single_data()
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "", "error.network.not_utf8"))
        return {}
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        problems.append(_malformed(path.name, wrong))
        return {}
    problems += [
        Problem(path.name, "", "error.network.key_twice", {"line": line, "name": name})
        for line, name in loader.twice
    ]
    if content is None:
        return {}
    if not isinstance(content, dict):
        problems.append(Problem(path.name, "", "error.network.not_a_mapping", {"given": ""}))
        return {}
    return content


def _malformed(file: str, wrong: Exception) -> Problem:
    mark = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
    data: dict[str, object] = {"line": mark.line + 1 if mark else 1}
    return Problem(file, "", "error.network.malformed", data)
