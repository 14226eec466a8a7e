"""What authors do with e-mail templates: write, change, see filled in, try on themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.crm.email_templates import (
    EmailTemplate,
    EmailTemplateChanges,
    applied,
    problems_of,
)
from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.crm.liquid_texts import proof_of
from chalicelib.domain.crm.merge_fields import Fields, TemplateError, fields_of, sender_fields
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller, User
from chalicelib.domain.errors import Problem, RuleError, StaleWriteError
from chalicelib.domain.ids import EmailTemplateId
from chalicelib.domain.mail.html import sanitize, text_of
from chalicelib.services import related_items, trial_mails
from chalicelib.services.decisions import Bench
from chalicelib.services.item_sight import ItemSight
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A template filled in; `missing` names every value that a mail would fail for."""

    subject: str
    html: str
    text: str
    missing: tuple[str, ...]


def get(template_id: EmailTemplateId, *, stores: Stores) -> EmailTemplate:
    """Return one template, whoever asks: the runner, too."""
    return stores.email_templates.get(template_id)


def list_page(
    *, limit: int, cursor: Mapping[str, object] | None, caller: Caller, stores: Stores
) -> Listing[EmailTemplate]:
    """Return part of the templates, oldest first."""
    require(caller, Right.READ_EMAIL_TEMPLATES)
    return stores.email_templates.list_page(limit=limit, cursor=cursor)


def create(changes: EmailTemplateChanges, *, caller: Caller, bench: Bench) -> EmailTemplate:
    """Make a template; the caller may change it from now on."""
    require(caller, Right.WRITE_EMAIL_TEMPLATES)
    _insist(changes)
    now = bench.now()
    blank = EmailTemplate(
        id=EmailTemplateId(bench.outside.mint.new_id(now)),
        name="",
        language="en",
        subject="",
        body="",
        owner_id=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    return bench.stores.email_templates.save(applied(blank, changes, now=now))


def change(
    template_id: EmailTemplateId,
    *,
    changes: EmailTemplateChanges,
    read_version: int | None,
    caller: Caller,
    bench: Bench,
) -> EmailTemplate:
    """Change a template of one's own, or with the right to it any."""
    template = _mine(template_id, caller, bench.stores)
    _insist(changes)
    if read_version is not None and read_version != template.version:
        raise StaleWriteError(kind="e-mail template", id=template_id)
    changed = applied(template, changes, now=bench.now())
    return template if changed is template else bench.stores.email_templates.save(changed)


def remove(template_id: EmailTemplateId, *, caller: Caller, stores: Stores) -> None:
    """Remove a template; a step that still names it fails with `template_missing`."""
    stores.email_templates.remove(_mine(template_id, caller, stores))


def preview(
    template_id: EmailTemplateId, *, item: ItemRef | None, caller: Caller, bench: Bench
) -> Preview:
    """Fill a template in for an item, or for nobody: then every field without fallback is named."""
    require(caller, Right.READ_EMAIL_TEMPLATES)
    sender = bench.stores.users.get(caller.user_id)
    return _filled(get(template_id, stores=bench.stores), _fields(item, sender, bench))


def send_test(
    template_id: EmailTemplateId, *, item: ItemRef | None, caller: Caller, bench: Bench
) -> tuple[User, Preview]:
    """Mail a template to the caller alone, as it would look; gaps stay visible."""
    filled = preview(template_id, item=item, caller=caller, bench=bench)
    user = bench.stores.users.get(caller.user_id)
    trial_mails.send(user, subject=filled.subject, html=filled.html, bench=bench)
    return user, filled


def _insist(changes: EmailTemplateChanges) -> None:
    if problems := list(problems_of(changes)):
        raise RuleError(*problems)


def _mine(template_id: EmailTemplateId, caller: Caller, stores: Stores) -> EmailTemplate:
    template = stores.email_templates.get(template_id)
    is_own = template.owner_id == caller.user_id
    require(caller, Right.WRITE_EMAIL_TEMPLATES if is_own else Right.CHANGE_ALL_EMAIL_TEMPLATES)
    return template


def _fields(ref: ItemRef | None, sender: User, bench: Bench) -> Fields:
    if ref is None:
        return {"item": {}, "person": {}, "organization": {}, "sender": sender_fields(sender)}
    item = ItemSight(sender, bench.stores).find(ref)
    if item is None:
        message = f"There is no {ref.kind} with this id."
        raise RuleError(Problem(path="$.item.id", code="not_found", message=message))
    person, organization = related_items.of(item, bench=bench)
    return fields_of(item, person, organization, sender)


def _filled(template: EmailTemplate, fields: Fields) -> Preview:
    try:
        subject = proof_of(template.subject, fields, is_html=False)
        body = proof_of(template.body, fields, is_html=True)
    except TemplateError as error:
        message = f"The values of this item cannot be filled in: {error}."
        problem = Problem(path="$.item", code="wrong_text", message=message)
        raise RuleError(problem) from error
    return Preview(
        subject=" ".join(subject.text.split()),
        html=body.text,
        text=text_of(sanitize(body.text)),
        missing=tuple(dict.fromkeys((*subject.missing, *body.missing))),
    )
