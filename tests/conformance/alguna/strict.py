"""Strict reading of Alguna's answers.

The SDK accepts any 2xx answer: its models are unchecked and its enums open. Here every answer is
read as JSON against the SDK's own model without conversion of types, keys the model does not know
are errors, and so are words outside an enum.
"""

import datetime as dt
import json
import typing

import pydantic

# Words the documentation names for a subscription's status besides the model's enum, and the one
# unknown word that the made-up data has on purpose.
BEYOND_ENUM = {
    ("SubscriptionResponse", "status"): {"scheduled", "paused", "completed", "sent", "in_dunning"},
}


class Malformed(Exception):
    """An answer that is not what the SDK's model says."""


def _literals(annotation):
    """The words an open enum (`Union[Literal[...], Any]`) names, also inside a list or option."""
    found, stack = [], [annotation]
    while stack:
        part = stack.pop()
        origin = typing.get_origin(part)
        if origin is typing.Literal:
            found += typing.get_args(part)
        elif origin is not None:
            stack += typing.get_args(part)
    return found


def _converted(value, raw):
    """Whether pydantic made a value of another type than JSON had ("yes" to true, 5 to a date)."""
    if isinstance(value, (dt.date, dt.datetime)):
        return not isinstance(raw, str)
    return isinstance(value, (bool, int, str)) and type(value) is not type(raw)


def _errors(model, raw, at=""):
    name = type(model).__name__
    for key in model.model_extra or {}:
        yield f"{at}{key}: not a key of {name}"
    for key, field in type(model).model_fields.items():
        value, given = getattr(model, key), raw.get(key)
        words = _literals(field.annotation)
        allowed = set(words) | BEYOND_ENUM.get((name, key), set())
        many = isinstance(value, list)
        for place, (part, json_part) in enumerate(zip(value, given) if many else [(value, given)]):
            where = f"{at}{key}" + (f"[{place}]" if many else "")
            if isinstance(part, pydantic.BaseModel):
                yield from _errors(part, json_part, f"{where}.")
            elif part is not None and _converted(part, json_part):
                yield f"{where}: {json_part!r} has the wrong type"
            elif words and part is not None and part not in allowed:
                yield f"{where}: {part!r} is not one of {sorted(words)}"


def read(model, text):
    """The answer as a model, or `Malformed` with the first things that are wrong."""
    try:
        raw = json.loads(text)
        answer = model.model_validate(raw)
    except pydantic.ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise Malformed(f"{model.__name__}: " + "; ".join(found[:5])) from error
    except ValueError as error:
        raise Malformed(f"{model.__name__}: not JSON: {text[:80]!r}") from error
    wrong = list(_errors(answer, raw))
    if wrong:
        raise Malformed(f"{model.__name__}: " + "; ".join(wrong[:5]))
    return answer
