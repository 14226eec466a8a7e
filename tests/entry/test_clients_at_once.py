"""Many clients at once: one effect for one key, one winner for one version."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from chalicelib.domain.crm.email_templates import EmailTemplateChanges
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Caller, Role
from chalicelib.domain.errors import RuleError, StaleWriteError, StateError
from chalicelib.domain.ids import ApiTokenId
from chalicelib.entry.answering import created
from chalicelib.entry.once import answer_once
from chalicelib.services import email_templates
from chalicelib.services.decisions import Bench
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_tenant, a_user
from tests.doubles import Doubles

CLIENTS = 16
SALLY = Caller(
    tenant_id=TENANT,
    user_id=a_user().id,
    role=Role.SALESPERSON,
    token_id=ApiTokenId("token-1"),
    scopes=frozenset({Scope.READ, Scope.WRITE}),
)
HELLO = EmailTemplateChanges(name="Hello", subject="Hi", body="<p>Hello</p>")


def set_up(stores: Stores) -> Bench:
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    return Bench(stores=stores, outside=Doubles().outside)


def test_one_key_has_one_effect_whoever_comes_first(shared_stores: Stores) -> None:
    bench = set_up(shared_stores)

    def post(client: int) -> int:
        try:
            response = answer_once(
                lambda: created(
                    {"id": email_templates.create(HELLO, caller=SALLY, bench=bench).id}
                ),
                key="the-same",
                route="POST /v1/email-templates",
                sent=b"the same",
                request_id=f"request-{client}",
                caller=SALLY,
                store=shared_stores.idempotency,
                owner=f"client-{client}",
                now=NOW,
            )
        except StateError:
            return 409
        return response.status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = Counter(pool.map(post, range(CLIENTS)))
    again = post(99)

    kept = shared_stores.email_templates.list_page(limit=100, cursor=None).rows
    assert len(kept) == 1
    assert answers[201] >= 1
    assert answers.keys() <= {201, 409}
    assert again == 201


def test_of_clients_that_read_the_same_version_one_wins(shared_stores: Stores) -> None:
    bench = set_up(shared_stores)
    made = email_templates.create(HELLO, caller=SALLY, bench=bench)

    def patch(client: int) -> str:
        try:
            email_templates.change(
                made.id,
                changes=EmailTemplateChanges(name=f"Hello from {client}"),
                read_version=made.version,
                caller=SALLY,
                bench=bench,
            )
        except StaleWriteError:
            return "stale"
        except RuleError:
            return "refused"
        return f"Hello from {client}"

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = Counter(pool.map(patch, range(CLIENTS)))

    [winner] = [name for name in answers if name.startswith("Hello")]
    kept = shared_stores.email_templates.get(made.id)
    assert answers == {winner: 1, "stale": CLIENTS - 1}
    assert (kept.name, kept.version) == (winner, 2)
