"""HTTP door to the audit: who changed what, and when."""

from chalice.app import Blueprint

from chalicelib.domain.crm.audits import AuditEntry
from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.ids import UserId
from chalicelib.entry.http import PAGING, Answer, Request, answers, page
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import instant_of
from chalicelib.entry.shapes import audit as shapes
from chalicelib.services import audits as service
from chalicelib.storage.audits import AuditFilter

routes = Blueprint(__name__)


@routes.route("/v1/audit", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "kind", "id", "by", "since"))
@promises(
    lists=shapes.AuditEntry,
    refuses=(RoleMissingError,),
    reads={"kind": shapes.AuditKind, "id": str, "by": str, "since": shapes.Since},
)
def list_audit(request: Request) -> Answer:
    """List who changed what, newest first; for admins, kept for 400 days.

    Items, sequences, users, tokens, settings, sending domains and custom fields. What sequences do
    by themselves stands in the history of their enrollments.
    """
    asked = request.page()
    by = request.query("by")
    wanted = AuditFilter(
        kind=request.query("kind"),
        of=request.query("id"),
        by=None if by is None else UserId(by),
        since=instant_of(request, "since"),
    )
    listing = service.list_page(
        wanted,
        limit=asked.limit,
        cursor=asked.cursor,
        caller=request.caller,
        stores=request.stores,
    )
    return page([_body(each) for each in listing.rows], listing.cursor)


def _body(entry: AuditEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": entry.at,
        "by": entry.by,
        "token_id": entry.token_id,
        "thing": {"kind": entry.kind, "id": entry.of},
        "action": entry.action,
        "changes": [
            {"field": name, **({} if each is None else {"before": each[0], "after": each[1]})}
            for name, each in entry.changes.items()
        ],
    }
