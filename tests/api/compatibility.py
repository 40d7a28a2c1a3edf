"""What of a new OpenAPI document breaks the clients of an old one.

What counts is written in docs/explanation/versioning.md. oasdiff, which does this best, is a Go
program without a package for Python or Node.js; npm's openapi-diff does not know OpenAPI 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]

#: What a request may hold less of, when it grows or comes.
LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
#: ... when it shrinks or comes.
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def breaking_changes(old: Schema, new: Schema, *, may_remove_deprecated: bool = False) -> list[str]:
    """Each change that breaks a client, in words that begin with where it is.

    Args:
        old: the document that clients were made with.
        new: the document of the code at hand.
        may_remove_deprecated: whether this release may take away what `old` calls deprecated.
    """
    return list(dict.fromkeys(Comparison(old, new, may_remove_deprecated).changes()))


@dataclass
class Comparison:
    old: Schema
    new: Schema
    may_remove_deprecated: bool = False
    #: Pairs of components that are compared already: schemas may hold themselves.
    seen: set[tuple[str, str]] = field(default_factory=set)

    def changes(self) -> Iterator[str]:
        for path, operations in self.old["paths"].items():
            for method, operation in operations.items():
                where = f"{method.upper()} {path}"
                now = self.new["paths"].get(path, {}).get(method)
                if now is not None:
                    yield from self._operation(where, operation, now)
                elif not self._removable(operation):
                    yield f"{where}: removed"
        for name in components(self.old):
            if name not in components(self.new):
                yield f"{name}: removed, which generated types are named after"

    def _removable(self, thing: Schema) -> bool:
        return self.may_remove_deprecated and thing.get("deprecated", False)

    # --- Operations ---

    def _operation(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{where}: operationId changed"
        yield from self._parameters(where, parameters(old), parameters(new))
        for status, answer in old["responses"].items():
            now = new["responses"].get(status)
            if now is None:
                yield f"{where}: no longer answers {status}"
                continue
            for media, content in answer.get("content", {}).items():
                there = f"{where} {status}"
                if media not in now.get("content", {}):
                    yield f"{there}: no longer {media}"
                else:
                    schema = now["content"][media]["schema"]
                    yield from self._answer(there, content["schema"], schema)

    def _parameters(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        for key, parameter in old.items():
            there, now = f"{where} {' '.join(key)}", new.get(key)
            if now is None:
                if not self._removable(parameter):
                    yield f"{there}: removed"
                continue
            if now.get("required") and not parameter.get("required"):
                yield f"{there}: became required"
            yield from self._question(there, parameter["schema"], now["schema"])
        for key, parameter in new.items():
            if key not in old and parameter.get("required"):
                yield f"{where} {' '.join(key)}: added, and required"

    # --- What clients send: it may hold more than before, never less ---

    def _question(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        if types(old) - types(new) - ({"integer"} if "number" in types(new) else set()):
            yield f"{where}: type changed"
        if old.get("default") != new.get("default"):
            yield f"{where}: default changed"
        yield from _narrowed(where, old, new)
        if "items" in old and "items" in new:
            yield from self._question(f"{where}[]", old["items"], new["items"])

    # --- What clients read: it may say more than before, never less, and nothing else ---

    def _answer(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        pair = old.get("$ref", ""), new.get("$ref", "")
        if all(pair):
            if pair in self.seen:
                return
            self.seen.add(pair)
            where = pair[0].rsplit("/", 1)[-1]
        old, new = resolved(old, self.old), resolved(new, self.new)
        olds, news = alternatives(old, self.old), alternatives(new, self.new)
        if len(olds) == len(news) == 1:
            yield from self._same_kind(where, resolved(olds[0], self.old), news[0])
            return
        yield from self._union(where, olds, news, is_open="discriminator" in old)

    def _union(
        self, where: str, olds: list[Schema], news: list[Schema], is_open: bool
    ) -> Iterator[str]:
        before = {kind(each, self.old): each for each in olds}
        after = {kind(each, self.new): each for each in news}
        for name, each in before.items():
            if name in after:
                yield from self._answer(where, each, after[name])
            elif name != "null":
                yield f"{where}: can no longer be {name}"
        for name in after.keys() - before.keys():
            # Clients pass over what they do not know, where a `type` tells them.
            if not is_open:
                yield f"{where}: can now be {name}"

    def _same_kind(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        new = resolved(new, self.new)
        if types(new) - types(old) - ({"integer"} if "number" in types(old) else set()):
            yield f"{where}: type changed"
        if old.get("format") and old.get("format") != new.get("format"):
            yield f"{where}: no longer in the format {old['format']}"
        values = allowed(new)
        if (gone := allowed(old) - values) and values:
            yield f"{where}: no longer says {', '.join(sorted(map(str, gone)))}"
        if allowed(old) and not values:
            yield f"{where}: no longer one of a list"
        yield from self._properties(where, old, new)
        for inside in ("items", "additionalProperties"):
            if isinstance(old.get(inside), dict) and isinstance(new.get(inside), dict):
                yield from self._answer(f"{where}[]", old[inside], new[inside])

    def _properties(self, where: str, old: Schema, new: Schema) -> Iterator[str]:
        required = set(new.get("required", []))
        for name, schema in old.get("properties", {}).items():
            now = new.get("properties", {}).get(name)
            there = f"{where}.{name}"
            if now is None:
                if not self._removable(schema):
                    yield f"{there}: removed"
                continue
            if name in old.get("required", []) and name not in required:
                yield f"{there}: no longer always there"
            yield from self._answer(there, schema, now)


def _narrowed(where: str, old: Schema, new: Schema) -> Iterator[str]:
    if allowed(new) and (not allowed(old) or allowed(old) - allowed(new)):
        gone = ", ".join(sorted(map(str, allowed(old) - allowed(new)))) or "other values"
        yield f"{where}: no longer takes {gone}"
    for name in LOWER_BOUNDS:
        if name in new and new[name] > old.get(name, float("-inf")):
            yield f"{where}: {name} raised"
    for name in UPPER_BOUNDS:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"{where}: {name} lowered"
    for name in ("pattern", "format"):
        if name in new and old.get(name) != new[name]:
            yield f"{where}: {name} changed"


# --- Reading documents ---


def components(document: Schema) -> set[str]:
    """The names of what is answered. Parameters are spelled out where they are used."""
    names = document["components"]["schemas"]
    return {name for name in names if not name.endswith("Parameters")}


def parameters(operation: Schema) -> dict[tuple[str, str], Schema]:
    return {(each["in"], each["name"]): each for each in operation.get("parameters", [])}


def resolved(schema: Schema, document: Schema) -> Schema:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def alternatives(schema: Schema, document: Schema) -> list[Schema]:
    """What the value can be; most can be one thing only."""
    choices = schema.get("anyOf") or schema.get("oneOf")
    if not choices:
        return [schema]
    return [
        deeper
        for each in choices
        for deeper in (
            alternatives(resolved(each, document), document)
            if {"anyOf", "oneOf"} & resolved(each, document).keys()
            else [each]
        )
    ]


def kind(schema: Schema, document: Schema) -> str:
    """What tells one alternative from the others: its `type` if it has one, as blocks do."""
    there = resolved(schema, document)
    tag = there.get("properties", {}).get("type", {})
    return tag.get("const") or schema.get("$ref", "").rsplit("/", 1)[-1] or str(there.get("type"))


def types(schema: Schema) -> set[str]:
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def allowed(schema: Schema) -> set[Any]:
    """The values listed, or none when any will do."""
    return {schema["const"]} if "const" in schema else set(schema.get("enum", []))
