"""YAML as a person writes a pack, read so that every value remembers its line.

Only maps, lists, text, whole numbers, booleans and null are read. Dates stay text, for the pack's model to judge:
YAML itself would crash on an impossible date instead of naming its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from shared.policy.refusal import Problem

Place = tuple[str | int, ...]

NULL_TAG = "tag:yaml.org,2002:null"
BOOLEAN_TAG = "tag:yaml.org,2002:bool"
WHOLE_NUMBER_TAG = "tag:yaml.org,2002:int"
TRUE_WORDS = frozenset({"true", "yes", "on"})
WHOLE_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)")


@dataclass
class MarkedData:
    """What a file says, the line where each place of it stands, and what was wrong with the YAML itself."""

    data: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, place: Place) -> int:
        """The line of `place`; of the nearest thing around it, when the place itself is not in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def dotted(place: Place) -> str:
    """`("services", 0, "department")` as a person reads it: `services[0].department`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".") or "pack"


def read_marked_yaml(content: bytes) -> MarkedData:
    """Read `content`; what is wrong with it is in the answer's `problems`, nothing is raised."""
    marked = MarkedData()
    try:
        text = content.decode("utf-8-sig")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        return _unreadable(content[: error.start].count(b"\n") + 1, "this is not UTF-8 text")
    except yaml.reader.ReaderError as error:
        return _unreadable(text.count("\n", 0, error.position) + 1, "a control character stands here")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        return _unreadable(mark.line + 1 if mark else 1, f"this is not YAML: {said}")
    if root is None:
        return _unreadable(1, "the file is empty")
    marked.data = _read(root, (), into=marked, seen=set())
    return marked


def _unreadable(line: int, sentence: str) -> MarkedData:
    return MarkedData(problems=[Problem(line, "file", sentence)])


def _read(node: yaml.Node, place: Place, *, into: MarkedData, seen: set[int]) -> object:
    line = node.start_mark.line + 1
    into.lines.setdefault(place, line)
    # An alias hands out the same node again; followed blindly, it can hold itself or grow without end.
    if id(node) in seen:
        into.problems.append(Problem(line, dotted(place), "a pack is written without anchors and aliases"))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return {
            key: _read(value, (*place, key), into=into, seen=seen) for key, value in _entries(node, place, into=into)
        }
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            # A list of ids can then be asked for the line of one id, as well as of the n-th.
            if isinstance(item, yaml.ScalarNode):
                into.lines.setdefault((*place, item.value), item.start_mark.line + 1)
        return [_read(item, (*place, n), into=into, seen=seen) for n, item in enumerate(node.value)]
    return _scalar(node)


def _entries(node: yaml.MappingNode, place: Place, *, into: MarkedData) -> Iterator[tuple[str, yaml.Node]]:
    first_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            into.problems.append(Problem(line, dotted(place), "a key is one word, not a list or a map"))
            continue
        key = str(key_node.value)
        if key in first_lines:
            sentence = f"the key is already on line {first_lines[key]}"
            into.problems.append(Problem(line, dotted((*place, key)), sentence))
            continue
        first_lines[key] = line
        into.lines[(*place, key)] = line
        yield key, value_node


def _scalar(node: yaml.Node) -> str | int | bool | None:
    text = str(node.value)
    if node.tag == NULL_TAG:
        return None
    if node.tag == BOOLEAN_TAG:
        return text.lower() in TRUE_WORDS
    # 010, 0x10 and 1:30 are numbers to YAML and traps to a reader: they stay text, and the model refuses them.
    if node.tag == WHOLE_NUMBER_TAG and WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text
