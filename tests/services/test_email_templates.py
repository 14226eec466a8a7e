"""E-mail templates filled in for an item, and tried on oneself."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from chalicelib.domain.crm.email_templates import EmailTemplate, EmailTemplateChanges
from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Caller, Role
from chalicelib.domain.errors import RuleError, ThrottledError
from chalicelib.domain.ids import ApiTokenId, ItemId
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services import email_templates as service
from chalicelib.services.decisions import Bench
from chalicelib.services.trial_mails import TestMailError
from tests.builders import TENANT, a_user
from tests.services.runner import Runner

SALLY = Caller(
    tenant_id=TENANT,
    user_id=a_user().id,
    role=Role.SALESPERSON,
    token_id=ApiTokenId("token-1"),
    scopes=frozenset({Scope.READ, Scope.WRITE}),
)
THE_LEAD = ItemRef(ItemKind.LEAD, ItemId("lead-1"))


@pytest.fixture
def bench(runner: Runner) -> Bench:
    return Bench(stores=runner.stores, outside=runner.doubles.outside)


def a_template(bench: Bench, subject: str, body: str) -> EmailTemplate:
    changes = EmailTemplateChanges(name="Hello", subject=subject, body=body)
    return service.create(changes, caller=SALLY, bench=bench)


def test_a_template_is_filled_in_for_an_item(bench: Bench) -> None:
    made = a_template(bench, "For {{ person.first_name }}", "<p>{{ sender.name }}</p>")

    filled = service.preview(made.id, item=THE_LEAD, caller=SALLY, bench=bench)

    assert (filled.subject, filled.html, filled.missing) == (
        "For Paula",
        "<p>Sally Seller</p>",
        (),
    )
    assert filled.text.strip() == "Sally Seller"


def test_every_missing_value_is_listed_at_once(bench: Bench) -> None:
    made = a_template(
        bench,
        "{{ person.shoe_size }} {{ person.first_name }}",
        "{{ item.color }} {{ item.color }} {{ person.hat | default: 'none' }}",
    )

    filled = service.preview(made.id, item=THE_LEAD, caller=SALLY, bench=bench)

    assert filled.missing == ("person.shoe_size", "item.color")
    assert filled.subject == "{{ person.shoe_size }} Paula"
    assert filled.html == "{{ item.color }} {{ item.color }} none"


def test_without_an_item_only_the_sender_is_known(bench: Bench) -> None:
    made = a_template(bench, "{{ person.name }}", "{{ sender.first_name }} {{ item.title }}")

    filled = service.preview(made.id, item=None, caller=SALLY, bench=bench)

    assert filled.missing == ("person.name", "item.title")
    assert filled.html == "Sally {{ item.title }}"


def test_an_item_that_is_not_there_is_named(bench: Bench) -> None:
    made = a_template(bench, "Hello", "<p>Hello</p>")
    nowhere = ItemRef(ItemKind.DEAL, ItemId("deal-404"))

    with pytest.raises(RuleError) as refusal:
        service.preview(made.id, item=nowhere, caller=SALLY, bench=bench)

    assert [each.path for each in refusal.value.problems] == ["$.item.id"]


def test_a_test_goes_to_the_caller_alone(runner: Runner, bench: Bench) -> None:
    made = a_template(bench, "Chairs for {{ person.name }}", "<p>Hello {{ item.color }}</p>")

    user, filled = service.send_test(made.id, item=THE_LEAD, caller=SALLY, bench=bench)

    [sent] = runner.doubles.notifier.sent
    mail = message_from_bytes(sent.mime, policy=policy.default)
    assert (user.email, sent.recipients) == ("sally@northwind.test", ["sally@northwind.test"])
    assert (mail["To"], mail["Subject"]) == (
        "sally@northwind.test",
        "[Test] Chairs for Paula Prospect",
    )
    assert mail["In-Reply-To"] is None
    assert "enrollment" not in sent.tags
    assert filled.missing == ("item.color",)


def test_an_unproven_domain_sends_no_test(runner: Runner, bench: Bench) -> None:
    made = a_template(bench, "Hello", "<p>Hello</p>")
    runner.stores.users.save(
        replace(runner.stores.users.get(a_user().id), email="sally@elsewhere.test")
    )

    with pytest.raises(TestMailError):
        service.send_test(made.id, item=None, caller=SALLY, bench=bench)

    assert runner.doubles.notifier.sent == []


def test_a_tenant_that_may_not_send_sends_no_test(runner: Runner, bench: Bench) -> None:
    made = a_template(bench, "Hello", "<p>Hello</p>")
    runner.stores.tenant.save(replace(runner.stores.tenant.get(), is_sending=False))

    with pytest.raises(TestMailError):
        service.send_test(made.id, item=None, caller=SALLY, bench=bench)


@pytest.mark.parametrize(
    "fate, refusal",
    [
        (Fate.LATER, ThrottledError),
        (Fate.UNKNOWN, TestMailError),
        (Fate.THIS_RECIPIENT, TestMailError),
    ],
)
def test_a_test_that_fails_says_so(
    fate: Fate, refusal: type[Exception], runner: Runner, bench: Bench
) -> None:
    made = a_template(bench, "Hello", "<p>Hello</p>")
    runner.doubles.notifier.failures.append(SendError(fate, "Code"))

    with pytest.raises(refusal):
        service.send_test(made.id, item=None, caller=SALLY, bench=bench)


def test_a_field_that_no_item_can_have_is_refused(bench: Bench) -> None:
    with pytest.raises(RuleError) as refusal:
        a_template(bench, "{{ persn.name }}", "{% assign x = 1 %}{{ x }}")

    assert [(each.path, each.code) for each in refusal.value.problems] == [
        ("$.subject", "unknown_field")
    ]
