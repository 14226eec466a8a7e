"""HTTP doors to imports: made with a form to upload by, then begun; `/v1/jobs/{id}` shows them."""

from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import IllegalMoveError
from chalicelib.domain.ids import JobId
from chalicelib.domain.jobs.import_files import MOST_BYTES, ImportFormat
from chalicelib.entry.answering import asked_for
from chalicelib.entry.http import Answer, Request, answers, created
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import jobs as shapes
from chalicelib.services.jobs import importing
from chalicelib.storage.job_files import UPLOADABLE_FOR

routes = Blueprint(__name__)


class Importing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes an import."""

    kind: Literal["lead", "deal", "person", "organization"]
    format: ImportFormat = ImportFormat.CSV


@routes.route("/v1/imports", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=Importing, gives=shapes.Import, statuses=(201,))
def create_import(request: Request) -> Answer:
    """Make an import; upload its file by HTTP POST with the fields of `upload`, then start it.

    CSV (UTF-8, a header) or JSON lines, up to 50,000 rows. Columns are the fields of the kind;
    lists are divided by `;`, a custom field is `custom_fields.<name>`. A row with a `key` is about
    the same item in every import; `person_key` and `organization_key` name items by theirs.
    """
    body = request.body(Importing)
    job = importing.prepare(
        ItemKind(body.kind), format_=body.format, caller=request.caller, bench=request.bench
    )
    form = request.stores.job_files.form(job.id, most_bytes=MOST_BYTES)
    shown = {
        "id": job.id,
        "job_id": job.id,
        "kind": body.kind,
        "format": body.format,
        "state": job.state,
        "upload": {
            "url": form.url,
            "fields": form.fields,
            "most_bytes": MOST_BYTES,
            "expires_at": job.created_at + UPLOADABLE_FOR,
        },
        "created_at": job.created_at,
    }
    return created(shown, secret="upload")  # noqa: S106 - the name of what is not kept


@routes.route("/v1/imports/{job_id}/start", methods=["POST"], cors=True)
@answers(routes)
@promises(gives=shapes.JobAsked, statuses=(202,), refuses=(IllegalMoveError,))
def start_import(request: Request, job_id: str) -> Answer:
    """Begin an import whose file was uploaded."""
    request.nothing()
    job = importing.start(JobId(job_id), caller=request.caller, bench=request.bench)
    return asked_for(job.id)
