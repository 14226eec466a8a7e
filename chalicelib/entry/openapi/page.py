"""The OpenAPI document as one page for people: no script, nothing loaded from anywhere."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

import msgspec

from chalicelib.entry.openapi.looks import STYLE

Json = Mapping[str, Any]

_CODE: Final = re.compile(r"`([^`]+)`")
_METHODS: Final = ("get", "post", "put", "patch", "delete")


def page_of(document: Json) -> str:
    """Draw the page."""
    info, components = document["info"], document["components"]
    by_tag = _operations(document["paths"])
    return "".join(
        (
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(info['title'])} API</title><style>{STYLE}</style>",
            f"<nav><b>{escape(info['title'])}</b>{''.join(_index(by_tag))}</nav><main>",
            f"<h1>{escape(info['title'])} API</h1>{_said(info['description'])}",
            '<p>For programs: <a href="openapi.json">openapi.json</a>. Send your token as ',
            "<code>Authorization: Bearer …</code> or <code>x-api-token</code>.</p>",
            *(_tag(tag, operations, components) for tag, operations in by_tag.items()),
            '<h2 id="shapes">Shapes</h2>',
            *(_shape(name, schema) for name, schema in components["schemas"].items()),
            "</main></html>",
        )
    )


def _operations(paths: Json) -> dict[str, list[tuple[str, str, Json]]]:
    found: defaultdict[str, list[tuple[str, str, Json]]] = defaultdict(list)
    for path, methods in paths.items():
        for method in _METHODS:
            if method in methods:
                found[methods[method]["tags"][0]].append((method, path, methods[method]))
    return dict(sorted(found.items()))


def _index(by_tag: Mapping[str, list[tuple[str, str, Json]]]) -> Iterator[str]:
    yield from (f'<a href="#{tag}">{escape(tag)}</a>' for tag in by_tag)
    yield '<a href="#shapes">shapes</a>'


def _tag(tag: str, operations: list[tuple[str, str, Json]], components: Json) -> str:
    drawn = (_operation(method, path, told, components) for method, path, told in operations)
    return f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(drawn)}'


def _operation(method: str, path: str, told: Json, components: Json) -> str:
    needed = next((scopes for each in told["security"] for scopes in each.values()), ["no token"])
    return "".join(
        (
            f'<details id="{escape(told["operationId"])}"><summary>',
            f'<span class="method {method}">{method.upper()}</span> ',
            f"<code>{escape(path)}</code> <span>{_inline(told['summary'])}</span></summary>",
            _said(told.get("description", "")),
            f"<p>Needs: <code>{escape(needed[0])}</code></p>",
            _parameters(told["parameters"], components["parameters"]),
            _body(told.get("requestBody")),
            _answers(told["responses"], components["responses"]),
            "</details>",
        )
    )


def _parameters(parameters: list[Json], shared: Json) -> str:
    known = [shared[_last(each["$ref"])] if "$ref" in each else each for each in parameters]
    rows = (
        _row(
            f"<code>{escape(each['name'])}</code>",
            f"{each['in']}{_must(each.get('required', False))}",
            _type(each["schema"]),
            _inline(each.get("description", "")),
        )
        for each in known
    )
    return _table("Parameters", rows) if known else ""


def _body(body: Json | None) -> str:
    if body is None:
        return ""
    content = body["content"]["application/json"]
    needed = "" if body["required"] else " (may be left out)"
    shown = msgspec.json.format(msgspec.json.encode(content.get("example")), indent=2).decode()
    example = f"<pre>{escape(shown)}</pre>" if "example" in content else ""
    return f"<h4>Body</h4><p>{_type(content['schema'])}{needed}</p>{example}"


def _answers(answers: Json, shared: Json) -> str:
    return _table("Answers", (_answer(status, each, shared) for status, each in answers.items()))


def _answer(status: str, answer: Json, shared: Json) -> str:
    if "$ref" in answer:
        return _row(status, "", _said(shared[_last(answer["$ref"])]["description"]))
    kinds = " or ".join(_told(media, content) for media, content in answer["content"].items())
    return _row(status, kinds, _inline(answer["description"]))


def _told(media: str, content: Json) -> str:
    if media != "application/json":
        return escape(media)
    return _type(content["schema"].get("properties", {}).get("data", content["schema"]))


def _shape(name: str, schema: Json) -> str:
    required = schema.get("required", ())
    rows = [
        _row(
            f"<code>{escape(field)}</code>",
            _must(field in required).strip(" ,"),
            _type(told),
            _inline(told.get("description", "")) + _default(told),
        )
        for field, told in schema.get("properties", {}).items()
    ]
    inside = _table("", rows) if rows else f"<p>{_type(schema)}</p>"
    said = _said(schema.get("description", ""))
    return f'<section id="shape-{escape(name)}"><h3>{escape(name)}</h3>{said}{inside}</section>'


def _type(schema: Json) -> str:
    match schema:
        case {"$ref": str() as place}:
            name = escape(_last(place))
            return f'<a href="#shape-{name}">{name}</a>'
        case {"anyOf": list() as several}:
            return " or ".join(_type(each) for each in several)
        case {"enum": list() as words}:
            return " ".join(f"<code>{escape(str(word))}</code>" for word in words)
        case {"type": "array", "items": dict() as items}:
            return f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": dict() as values}:
            return f"object of {_type(values)}"
        case {"type": str() as kind}:
            return escape(schema.get("format", kind))
        case _:
            return "anything"


def _default(schema: Json) -> str:
    return f" Default: <code>{escape(str(schema['default']))}</code>" if "default" in schema else ""


def _must(required: object) -> str:
    return ", required" if required else ""


def _last(place: str) -> str:
    return place.rpartition("/")[2]


def _table(title: str, rows: Iterator[str] | list[str]) -> str:
    head = f"<h4>{title}</h4>" if title else ""
    return f"{head}<table>{''.join(rows)}</table>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _said(text: str) -> str:
    """Draw paragraphs and lists as docstrings spell them."""
    return "".join(_paragraph(part) for part in text.split("\n\n") if part)


def _paragraph(part: str) -> str:
    if part.startswith("- "):
        lines = (_inline(line.removeprefix("- ")) for line in part.split("\n"))
        return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
    return f"<p>{_inline(part)}</p>"


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))
