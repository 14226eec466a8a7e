"""HTTP doors to e-mail templates."""

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.email_templates import EmailTemplate, EmailTemplateChanges, Language
from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import EmailTemplateId, ItemId
from chalicelib.entry.http import PAGING, Answer, Request, answers, created, data, deleted, page
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import email_templates as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import email_templates as service
from chalicelib.services.trial_mails import TestMailError

routes = Blueprint(__name__)


class NewEmailTemplate(EmailTemplateChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes an e-mail template."""

    name: str
    subject: str
    body: str
    language: Language = "en"


class FilledFor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names the item whose values are filled in."""

    kind: ItemKind
    id: ItemId


class Filling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that asks to see a template; without an item nothing but the sender is known."""

    item: FilledFor | None = None


@routes.route("/v1/email-templates", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.EmailTemplate)
def list_email_templates(request: Request) -> Answer:
    """List the e-mail templates, oldest first."""
    asked = request.page()
    listing = service.list_page(
        limit=asked.limit, cursor=asked.cursor, caller=request.caller, stores=request.stores
    )
    return page([_show(each) for each in listing.rows], listing.cursor)


@routes.route("/v1/email-templates", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=NewEmailTemplate, gives=shapes.EmailTemplate, statuses=(201,))
def create_email_template(request: Request) -> Answer:
    """Make an e-mail template; the caller may change it from now on."""
    body = request.body(NewEmailTemplate)
    return created(_show(service.create(body, caller=request.caller, bench=request.bench)))


@routes.route("/v1/email-templates/{email_template_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.EmailTemplate)
def get_email_template(request: Request, email_template_id: str) -> Answer:
    """Show one e-mail template."""
    return data(_show(service.get(EmailTemplateId(email_template_id), stores=request.stores)))


@routes.route("/v1/email-templates/{email_template_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(
    takes=EmailTemplateChanges,
    gives=shapes.EmailTemplate,
    is_versioned=True,
    refuses=(RoleMissingError,),
)
def change_email_template(request: Request, email_template_id: str) -> Answer:
    """Change an e-mail template of one's own (sequence managers and admins: any)."""
    template = service.change(
        EmailTemplateId(email_template_id),
        changes=request.body(EmailTemplateChanges),
        read_version=request.if_match(),
        caller=request.caller,
        bench=request.bench,
    )
    return data(_show(template))


@routes.route("/v1/email-templates/{email_template_id}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, refuses=(RoleMissingError, StaleWriteError))
def delete_email_template(request: Request, email_template_id: str) -> Answer:
    """Remove an e-mail template; a step that names it fails with `template_missing`."""
    service.remove(EmailTemplateId(email_template_id), caller=request.caller, stores=request.stores)
    return deleted(email_template_id)


@routes.route("/v1/email-templates/{email_template_id}/preview", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Filling, gives=shapes.EmailTemplatePreview)
def preview_email_template(request: Request, email_template_id: str) -> Answer:
    """Fill a template in for an item, and list every value that is missing."""
    filled = service.preview(
        EmailTemplateId(email_template_id),
        item=_item(request),
        caller=request.caller,
        bench=request.bench,
    )
    return data(
        {
            "subject": filled.subject,
            "html": filled.html,
            "text": filled.text,
            "missing": filled.missing,
        }
    )


@routes.route("/v1/email-templates/{email_template_id}/test", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Filling, gives=shapes.EmailTemplateTest, refuses=(TestMailError,))
def test_email_template(request: Request, email_template_id: str) -> Answer:
    """Mail a template, filled in, to the caller's own address; gaps stay visible."""
    user, filled = service.send_test(
        EmailTemplateId(email_template_id),
        item=_item(request),
        caller=request.caller,
        bench=request.bench,
    )
    return data({"to": user.email, "subject": filled.subject, "missing": filled.missing})


def _item(request: Request) -> ItemRef | None:
    item = request.body(Filling).item
    return ItemRef(item.kind, item.id) if item else None


def _show(template: EmailTemplate) -> dict[str, object]:
    return {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "subject": template.subject,
        "body": template.body,
        "owner_id": template.owner_id,
        "created_at": template.created_at,
        "updated_at": template.updated_at,
        "version": template.version,
    }
