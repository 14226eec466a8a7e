"""The plot as the architecture tests read it: the templates of `infra/`, and `.chalice/`."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import yaml

from tests.architecture.house import ROOT

Tree = Any  # CloudFormation has no types of its own
CONFIG: Final = ROOT / ".chalice" / "config.json"


class _Loader(yaml.SafeLoader):
    """Reads `!Ref X` as `{"Ref": "X"}` and every other short form as its long one."""


def _long_form(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> Tree:
    match node:
        case yaml.ScalarNode():
            value: Tree = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case _:
            raise TypeError(node)
    if name == "GetAtt":
        value = value.split(".", 1)
    return {name if name == "Ref" else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _long_form)


@cache
def template(name: str = "resources.yaml") -> Tree:
    """Return a template of `infra/` with its intrinsics in long form."""
    return yaml.load((ROOT / "infra" / name).read_text(), _Loader)  # noqa: S506 - a safe loader


def of_type(kind: str) -> dict[str, Tree]:
    """Return the properties of all resources of a type, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in template()["Resources"].items()
        if resource.get("Type") == kind
    }


def queue_by_plain_name() -> dict[str, str]:
    """Return the logical id of each queue by the name that doors know it by."""
    return {
        properties["QueueName"]["Fn::Sub"].removeprefix("sekvens-${Stage}-"): name
        for name, properties in of_type("AWS::SQS::Queue").items()
    }


def logical_name(function: str) -> str:
    """Spell a function as Chalice spells its resource."""
    if function == "api_handler":
        return "APIHandler"
    return "".join(word.capitalize() for word in function.split("_"))


@cache
def config() -> Tree:
    """Return Chalice's configuration."""
    return json.loads(CONFIG.read_text())


def policy(function: str) -> list[Tree]:
    """Return the statements of a function's policy."""
    name = config()["lambda_functions"][function]["iam_policy_file"]
    statements: list[Tree] = json.loads((CONFIG.parent / name).read_text())["Statement"]
    return statements


def named(tree: Tree) -> Iterator[str]:
    """Return every logical id, parameter and pseudo-parameter that intrinsics in `tree` name."""
    match tree:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), _]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from (name.partition(".")[0] for name in re.findall(r"\$\{([^}]+)\}", text))
        case dict():
            for value in tree.values():
                yield from named(value)
        case list():
            for value in tree:
                yield from named(value)
        case _:
            return
