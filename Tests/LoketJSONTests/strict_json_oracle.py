# Reads strict JSON with Python's reader, all of whose leniencies are removed. Stdin: one case per
# line in base64; stdout: one verdict per line: "refused", or "accepted" and the canonical value
# (keys sorted, strings as hex of their UTF-8, numbers as written).

import base64
import json
import sys

DEPTH_MAX = 16


class Refused(Exception):
    pass


class Number(str):
    """A number's digits as written, so that no precision is lost in a float."""


def text(value):
    try:
        return '"' + value.encode("utf-8", "strict").hex() + '"'
    except UnicodeEncodeError as error:
        raise Refused("lone surrogate") from error


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Refused("duplicate key")
    return dict(pairs)


def constant(name):
    raise Refused("no JSON number: " + name)


def canonical(value, depth=0):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return text(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if depth == DEPTH_MAX:
        raise Refused("too deep")
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    members = sorted((text(name), canonical(item, depth + 1)) for name, item in value.items())
    return "{" + ",".join(name + ":" + item for name, item in members) + "}"


def verdict(body):
    try:
        decoded = body.decode("utf-8", "strict")
        value = json.loads(
            decoded,
            object_pairs_hook=unique,
            parse_constant=constant,
            parse_int=Number,
            parse_float=Number,
        )
        return "accepted " + canonical(value)
    except (Refused, ValueError, RecursionError):
        return "refused"


def main():
    # No digits of a body become an int here, but the limit on them is removed anyway.
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    for line in sys.stdin.buffer:
        sys.stdout.write(verdict(base64.b64decode(line, validate=False)) + "\n")


main()
