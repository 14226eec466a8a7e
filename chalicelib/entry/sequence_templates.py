"""HTTP door to the ready-made sequences."""

from chalice.app import Blueprint

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.catalog import READY_MADE
from chalicelib.entry.http import PAGING, Answer, Request, answers, page
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import choice_of
from chalicelib.entry.sequence_bodies import show_template
from chalicelib.entry.shapes import sequences as shapes

routes = Blueprint(__name__)


@routes.route("/v1/sequence-templates", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "item_kind", "key"))
@promises(lists=shapes.SequenceTemplate)
def list_templates(request: Request) -> Answer:
    """List the ready-made sequences; from an item, those for its kind alone (D365-SEQ-16)."""
    kind, key = choice_of(request, "item_kind", ItemKind), request.query("key")
    wanted = [
        each for each in READY_MADE if kind in {None, each.item_kind} and key in {None, each.key}
    ]
    asked = request.page()
    begin = int(str(asked.cursor["begin"])) if asked.cursor else 0
    end = begin + asked.limit
    shown = [show_template(each) for each in wanted[begin:end]]
    return page(shown, {"begin": end} if end < len(wanted) else None)
