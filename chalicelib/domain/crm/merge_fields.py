"""Merge fields: what an author may write between braces, and the text that comes out.

Texts are Liquid, with every limit set, no includes, and HTML escaped in bodies. A field without a
value and without a `default` is an error, never an empty hole in a customer's mail. Values are
data: what stands in them is never rendered again.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.crm.items import Item, ItemKind
from chalicelib.domain.crm.users import User

Fields = Mapping[str, Mapping[str, object]]


class MissingFieldError(Exception):
    """A merge field has no value and no fallback; `field` names it, as `person.phone`."""

    def __init__(self, field: str) -> None:
        """Keep the field's name."""
        super().__init__(field)
        self.field = field


class TemplateError(Exception):
    """The text is not Liquid that we run; the message says where."""


ITEM: Final = "item"


def names(text: str, of: str) -> bool:
    """Whether a text may ask for fields of `of`; where that cannot be told by looking, it may."""
    return of in text or "[" in text


def fields_of(
    item: Item | None, person: Item | None, organization: Item | None, sender: User
) -> Fields:
    """Return every merge field; what is empty is left out, so that a fallback takes its place."""
    about = {"sender": sender_fields(sender)}
    if item is not None:
        about[ITEM] = about[item.ref.kind.value] = _item(item)
    if person is not None:
        about["person"] = _item(person)
    if organization is not None:
        about["organization"] = _item(organization)
    return {"person": {}, "organization": {}, **about}


def render(template: str, fields: Mapping[str, object], *, is_html: bool) -> str:
    """Return the text; raises MissingFieldError or TemplateError."""
    from liquid.exceptions import (  # noqa: PLC0415 - a tenth of a second to import
        LiquidError,
        UndefinedError,
    )

    from chalicelib.domain.crm.liquid_limits import MOST_CHARACTERS, environment  # noqa: PLC0415

    if len(template) > MOST_CHARACTERS:
        raise TemplateError(f"longer than {MOST_CHARACTERS} characters")
    try:
        text = str(environment(is_html=is_html).from_string(template).render(**fields))
        text.encode()  # half a letter, which some value may hold, fits in no mail
    except UndefinedError as error:
        raise MissingFieldError(str(error.args[0]).split(" ")[0].strip("'")) from error
    except LiquidError as error:
        raise TemplateError(str(error)) from error
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise TemplateError(f"its values cannot be worked with ({type(error).__name__})") from error
    return text


def _item(item: Item) -> Mapping[str, object]:
    is_person = item.ref.kind is ItemKind.PERSON
    # A custom field must not take the place of a real one, whatever it is called.
    values: dict[str, object | None] = {
        **item.custom_fields,
        "id": item.ref.id,
        "title": item.title,
        "name": item.title,
        "first_name": item.title.split()[0] if is_person and item.title.split() else None,
        "last_name": item.title.split()[-1] if is_person and len(item.title.split()) > 1 else None,
        "email": item.primary_address,
        "phone": item.phones[0] if item.phones else None,
        "country": item.country,
        "value": item.value,
        "currency": item.currency,
        "stage": item.stage,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def sender_fields(user: User) -> Mapping[str, object]:
    """Return what a text may say of its sender."""
    values = {
        "name": user.name,
        "first_name": user.name.split()[0] if user.name.split() else None,
        "email": user.email,
        "signature": user.signature,
    }
    return {name: value for name, value in values.items() if value}
