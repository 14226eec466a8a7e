"""Why a flow may not run: every problem, with its step and its code."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.items import ItemKind, ItemStatus
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.check_sentences import SENTENCES
from chalicelib.domain.sequences.checks import problems_of
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    ItemAction,
    LinkedInAction,
    LinkedInStep,
    Step,
    WaitStep,
    ways_out,
)
from tests.builders import a_flow
from tests.domain.sequences.random_flows import flows

DAY = timedelta(days=1)


def a_call(name: str, following: str | None) -> ActivityStep:
    return ActivityStep(id=StepId(name), activity_type="call", subject="Call", next=way(following))


def a_mail(name: str, following: str | None) -> EmailStep:
    return EmailStep(id=StepId(name), subject="Hi", body="<p>Hi</p>", next=way(following))


def a_wait(name: str, following: str | None) -> WaitStep:
    return WaitStep(id=StepId(name), wait_for=DAY, next=way(following))


def a_question(name: str, of: str, on: Asked, yes: str | None, no: str | None) -> ConditionStep:
    within = DAY if on is Asked.REPLIED else None
    return ConditionStep(
        id=StepId(name), on=on, of=StepId(of), within=within, yes=way(yes), no=way(no)
    )


def an_end(name: str, action: ItemAction | None = None) -> EndStep:
    return EndStep(id=StepId(name), outcome="over", item_action=action)


def way(to: str | None) -> StepId | None:
    return None if to is None else StepId(to)


def found(*steps: Step, start: str | None = None, kind: ItemKind = ItemKind.LEAD) -> list[str]:
    """Check a flow that starts with its first step, and spell problems as `step: code`."""
    flow = Flow(start=StepId(start) if start else steps[0].id, steps=steps)
    return [f"{each.path}: {each.code}" for each in problems_of(flow, kind)]


def test_a_good_flow_has_no_problems() -> None:
    assert problems_of(a_flow(), ItemKind.LEAD) == []


def test_a_flow_without_steps_is_empty() -> None:
    assert [each.code for each in problems_of(Flow(), ItemKind.LEAD)] == ["empty_flow"]


def test_a_flow_without_a_start_does_not_begin() -> None:
    flow = Flow(steps=(a_call("c", None),))

    assert [each.code for each in problems_of(flow, ItemKind.LEAD)] == ["no_start"]


def test_a_start_that_does_not_exist_is_said_once() -> None:
    assert found(a_call("c", None), start="nobody") == ["$.start: dangling_reference"]


@pytest.mark.requirement("D365-SEQ-27")
def test_a_wait_may_not_be_last() -> None:
    assert found(a_call("c", "w"), a_wait("w", None)) == ["w: wait_last"]


@pytest.mark.requirement("D365-SEQ-27")
def test_a_wait_may_not_be_last_on_any_branch() -> None:
    assert found(
        a_call("c", "k"),
        a_question("k", "c", Asked.ANSWERED, "w1", "w2"),
        a_wait("w1", None),
        a_wait("w2", "x"),
        an_end("x"),
    ) == ["w1: wait_last", "w2: wait_last"]


def test_an_end_that_does_something_may_follow_a_wait() -> None:
    tagged = an_end("x", ItemAction(add_tag="cold"))

    assert found(a_call("c", "w"), a_wait("w", "x"), tagged) == []


def test_a_step_that_nothing_leads_to_is_unreachable() -> None:
    assert found(a_call("a", None), a_call("b", None)) == ["b: unreachable"]


def test_steps_that_lead_back_to_each_other_are_a_cycle() -> None:
    flow = Flow(start=StepId("a"), steps=(a_call("a", "b"), a_call("b", "c"), a_call("c", "b")))

    (problem,) = problems_of(flow, ItemKind.LEAD)

    assert (problem.path, problem.code) == ("b", "cycle")
    assert "b → c → b" in problem.message


def test_a_step_that_leads_to_itself_is_a_cycle() -> None:
    assert found(a_call("a", "a")) == ["a: cycle"]


def test_references_to_nothing_dangle() -> None:
    replying = msgspec.structs.replace(a_mail("m", "gone"), reply_to_step=StepId("never"))

    assert found(replying, a_question("k", "lost", Asked.REPLIED, "m", "nowhere"), start="k") == [
        "m: dangling_reference",
        "m: dangling_reference",
        "k: dangling_reference",
        "k: dangling_reference",
    ]


def test_a_condition_stands_directly_after_its_step() -> None:
    assert found(
        a_mail("m", "w"), a_wait("w", "k"), a_question("k", "m", Asked.REPLIED, None, None)
    ) == ["k: condition_not_after_its_step"]


def test_a_condition_may_stand_after_another_on_the_same_step() -> None:
    assert (
        found(
            a_call("c", "k1"),
            a_question("k1", "c", Asked.ANSWERED, None, "k2"),
            msgspec.structs.replace(
                a_question("k2", "c", Asked.CALL_OUTCOME, None, None), outcomes=("left_voicemail",)
            ),
        )
        == []
    )


def test_a_condition_where_branches_join_must_fit_both() -> None:
    assert found(
        a_call("c", "k1"),
        a_question("k1", "c", Asked.ANSWERED, "m", "k2"),
        a_mail("m", "k2"),
        a_question("k2", "c", Asked.ANSWERED, None, None),
    ) == ["k2: condition_not_after_its_step"]


def test_a_condition_cannot_come_first() -> None:
    assert "k: condition_not_after_its_step" in found(
        a_question("k", "c", Asked.ANSWERED, None, "c"), a_call("c", None)
    )


def test_only_a_call_can_be_answered() -> None:
    visit = ActivityStep(id=StepId("v"), activity_type="visit", subject="Visit", next=StepId("k"))

    assert found(visit, a_question("k", "v", Asked.ANSWERED, None, None)) == [
        "k: condition_needs_call"
    ]


def test_only_a_mail_can_be_replied_to() -> None:
    assert found(a_call("c", "k"), a_question("k", "c", Asked.REPLIED, None, None)) == [
        "k: condition_needs_email"
    ]


@pytest.mark.parametrize(
    "subject, body, problems",
    [
        (None, None, ["m: email_without_text", "m: email_without_text"]),
        ("Hi", " ", ["m: email_without_text"]),
        ("Hi", "<p>Hi</p>", []),
    ],
)
def test_an_automatic_mail_needs_subject_and_text(
    subject: str | None, body: str | None, problems: list[str]
) -> None:
    mail = EmailStep(id=StepId("m"), automatic=True, subject=subject, body=body)

    assert found(mail) == problems


def test_a_draft_may_be_empty_for_a_person_will_write_it() -> None:
    assert found(EmailStep(id=StepId("m"))) == []


def test_a_subject_is_one_line() -> None:
    mail = EmailStep(id=StepId("m"), subject="Hi\r\nBcc: everybody@acme.test", body="x")

    assert found(mail) == ["m: subject_line_break"]


@pytest.mark.parametrize("key", ["subject", "note"])
def test_merge_fields_of_tasks_are_checked_too(key: str) -> None:
    call = a_call("c", None)
    wrong = (
        msgspec.structs.replace(call, subject="Call {{ contact.name }}")
        if key == "subject"
        else msgspec.structs.replace(call, note="Ask {{ contact.name }}")
    )

    assert found(wrong) == ["c: unknown_merge_field"]


def test_a_text_that_cannot_be_read_is_said_with_its_fault() -> None:
    linkedin = LinkedInStep(id=StepId("l"), action=LinkedInAction.CONNECT, note="Hi {{ person.name")

    (problem,) = problems_of(Flow(start=StepId("l"), steps=(linkedin,)), ItemKind.LEAD)

    assert problem.message == "`note` cannot be read: expected '}}', found end of file."


def test_a_mail_can_reply_only_to_one_that_came_before() -> None:
    first = msgspec.structs.replace(a_mail("m1", "m2"), reply_to_step=StepId("m2"))
    second = msgspec.structs.replace(a_mail("m2", "m3"), reply_to_step=StepId("m1"))
    third = msgspec.structs.replace(a_mail("m3", None), reply_to_step=StepId("m3"))

    assert found(first, second, third) == ["m1: reply_to_not_before", "m3: reply_to_not_before"]


def test_a_mail_cannot_reply_to_a_call() -> None:
    mail = msgspec.structs.replace(a_mail("m", None), reply_to_step=StepId("c"))

    assert found(a_call("c", "m"), mail) == ["m: reply_to_not_before"]


@pytest.mark.parametrize(
    "kind, status, problems",
    [
        (ItemKind.LEAD, ItemStatus.DISQUALIFIED, []),
        (ItemKind.DEAL, ItemStatus.LOST, []),
        (ItemKind.DEAL, ItemStatus.DISQUALIFIED, ["x: status_not_for_kind"]),
        (ItemKind.PERSON, ItemStatus.WON, ["x: status_not_for_kind"]),
        (ItemKind.LEAD, ItemStatus.DELETED, ["x: status_not_for_kind"]),
        (ItemKind.LEAD, ItemStatus.OPEN, ["x: status_not_for_kind"]),
    ],
)
def test_an_end_sets_a_status_that_the_kind_has(
    kind: ItemKind, status: ItemStatus, problems: list[str]
) -> None:
    end = an_end("x", ItemAction(set_status=status))

    assert found(a_call("c", "x"), end, kind=kind) == problems


def calls_in_a_row(count: int) -> list[Step]:
    return [a_call(f"c{at}", f"c{at + 1}" if at + 1 < count else None) for at in range(count)]


def test_there_may_be_forty_steps() -> None:
    assert found(*calls_in_a_row(40)) == []


def test_there_may_not_be_forty_one() -> None:
    assert found(*calls_in_a_row(41)) == ["$.steps: too_many_steps"]


def test_there_may_not_be_more_than_two_hundred_nodes() -> None:
    waits = [a_wait(f"w{at}", f"w{at + 1}") for at in range(200)]

    assert found(*waits, a_call("w200", None)) == ["$.steps: too_many_nodes"]


def test_all_problems_come_at_once() -> None:
    assert found(
        EmailStep(id=StepId("m"), automatic=True, subject="Hi", next=StepId("w")),
        a_wait("w", None),
        a_call("lonely", "gone"),
    ) == [
        "lonely: dangling_reference",
        "lonely: unreachable",
        "w: wait_last",
        "m: email_without_text",
    ]


def test_every_sentence_ends_as_one() -> None:
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


ids = st.sampled_from([StepId(name) for name in "abcdef"])
ways = st.none() | ids
wild_steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(EmailStep, id=ids, automatic=st.booleans(), reply_to_step=ways, next=ways),
    st.builds(a_call, ids, ways),
    st.builds(WaitStep, id=ids, wait_for=st.just(DAY), next=ways),
    st.builds(
        ConditionStep,
        id=ids,
        on=st.sampled_from([Asked.REPLIED, Asked.ANSWERED]),
        of=ways,
        yes=ways,
        no=ways,
    ),
    st.builds(EndStep, id=ids, outcome=st.just("over")),
)
wild_flows = st.builds(
    lambda start, steps: Flow(start=start, steps=tuple(steps)),
    ways,
    st.lists(wild_steps, max_size=6, unique_by=lambda step: step.id),
)


@given(wild_flows | flows())
def test_a_flow_without_problems_comes_to_an_end_whatever_way_is_taken(flow: Flow) -> None:
    if problems_of(flow, ItemKind.LEAD):
        return
    step_by_id = flow.by_id()

    standing = {flow.start}
    for _ in flow.steps:
        standing = {
            following
            for each in standing
            if each is not None
            for following in ways_out(step_by_id[each])
        }

    assert standing <= {None}
