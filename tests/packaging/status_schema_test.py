#!/usr/bin/env python3
"""status_schema_test.py STATUS…: real answers of `status -o json` against packaging/status.schema.json: they are valid,
no key of theirs is unknown to it, each key has a description, and together they show every key and no others."""
import copy
import json
import pathlib
import sys

import jsonschema

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "packaging" / "status.schema.json").read_text())
Validator = jsonschema.Draft202012Validator


def subschemas(schema, path=""):
    yield path, schema
    for name, child in schema.get("properties", {}).items():
        yield from subschemas(child, f"{path}/{name}")
    if "items" in schema:
        yield from subschemas(schema["items"], f"{path}[]")
    for name, child in schema.get("$defs", {}).items():
        yield from subschemas(child, f"$defs/{name}")


def closed(schema):
    """The same, without room for keys that it does not name."""
    schema = copy.deepcopy(schema)
    for _, child in subschemas(schema):
        if "properties" in child or "$ref" in child:
            child["unevaluatedProperties"] = False
    del schema["$defs"]["source"]["unevaluatedProperties"]  # those who refer to it add some
    return schema


def keys(value, path=""):
    if isinstance(value, dict):
        for name, child in value.items():
            yield f"{path}/{name}"
            yield from keys(child, f"{path}/{name}")
    if isinstance(value, list):
        for child in value:
            yield from keys(child, f"{path}[]")


def keys_of_schema():
    source = [path for path, _ in subschemas(SCHEMA["$defs"]["source"]) if path and not path.endswith("[]")]
    own = [path for path, _ in subschemas(SCHEMA) if path and not path.endswith("[]") and not path.startswith("$")]
    return set(own) | {f"/{name}{path}" for name in ("metadata", "api") for path in source}


Validator.check_schema(SCHEMA)
for path, child in subschemas(SCHEMA):
    # An array's objects are described by their array, a referred one by those who refer to it.
    if not path.endswith("[]") and path != "$defs/source":
        assert len(child.get("description", "")) > 10, f"{path} has no description"

shown = set()
for file in sys.argv[1:]:
    status = json.loads(pathlib.Path(file).read_text())
    Validator(closed(SCHEMA)).validate(status)
    for name in SCHEMA["required"]:
        assert not Validator(SCHEMA).is_valid({k: v for k, v in status.items() if k != name}), f"{name} may be missing"
    assert not Validator(closed(SCHEMA)).is_valid(status | {"stranger": 1}), "a stranger is let in"
    assert not Validator(closed(SCHEMA)).is_valid(status | {"api": status["api"] | {"stranger": 1}})
    assert Validator(SCHEMA).is_valid(status | {"stranger": 1}), "later versions may add keys"
    shown |= set(keys(status))
assert shown == keys_of_schema(), shown ^ keys_of_schema()
