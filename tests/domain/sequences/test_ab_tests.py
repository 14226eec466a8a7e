"""A/B tests: the draw, the arithmetic of proportions, and what the engine makes of both."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.ids import EnrollmentId, SignalId, StepId, WireId
from chalicelib.domain.sequences.ab_tests import (
    Letter,
    MailVersion,
    Result,
    Score,
    TestState,
    Verdict,
    figure_key,
    letter_in,
    letter_of,
    standard_errors,
    verdict,
)
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.definition import AbTestStep, EndStep, Flow
from chalicelib.domain.sequences.effects import AskUser, Record, SendMail
from chalicelib.domain.sequences.engine import decide
from chalicelib.domain.sequences.figures import Figure, figures_of, keys_of
from chalicelib.domain.sequences.signals import ExitReason, MailSent, Stopped, TimeCame
from chalicelib.domain.sequences.walk import Decision
from tests.builders import NOW, an_enrollment

M = StepId("m")
TEST = AbTestStep(
    id=M,
    automatic=True,
    a=MailVersion(subject="One", body="1"),
    b=MailVersion(subject="Two", body="2"),
    share_a=30,
    next=StepId("x"),
)
FLOW = Flow(start=M, steps=(TEST, EndStep(id=StepId("x"), outcome="done")))
DRAFTED = Flow(start=M, steps=(AbTestStep(id=M, a=TEST.a, b=TEST.b),))


def ended(a: Score, b: Score, *, days_left: int | None = 1) -> Verdict | None:
    ends_at = None if days_left is None else NOW + timedelta(days=days_left)
    return verdict(a, b, default=Letter.B, ends_at=ends_at, now=NOW)


def begun(flow: Flow = FLOW, facts: Facts | None = None) -> Decision:
    it = replace(an_enrollment(), step_id=M)
    return decide(it, flow, TimeCame(token=it.token), NOW, facts or Facts())


@pytest.mark.parametrize("share", [10, 30, 50, 90])
def test_the_draw_is_the_same_for_everybody_and_keeps_the_share(share: int) -> None:
    letters = [letter_of(EnrollmentId(f"e{each}"), M, share) for each in range(4_000)]

    assert letters == [letter_of(EnrollmentId(f"e{each}"), M, share) for each in range(4_000)]
    assert abs(letters.count(Letter.A) / 4_000 - share / 100) < 0.03


def test_two_steps_draw_apart() -> None:
    pairs = {
        (
            letter_of(EnrollmentId(f"e{each}"), M, 50),
            letter_of(EnrollmentId(f"e{each}"), StepId("n"), 50),
        )
        for each in range(50)
    }

    assert len(pairs) == 4


@pytest.mark.parametrize(
    "a, b, errors",
    [
        (Score(sent=100, hits=50), Score(sent=100, hits=50), 0.0),
        (Score(sent=100, hits=60), Score(sent=100, hits=40), 2.828),
        (Score(sent=100, hits=40), Score(sent=100, hits=60), -2.828),
        (Score(sent=0, hits=0), Score(sent=100, hits=60), 0.0),
        (Score(sent=10, hits=0), Score(sent=10, hits=0), 0.0),
        (Score(sent=10, hits=12), Score(sent=10, hits=10), 0.0),
    ],
)
def test_the_distance_is_the_z_of_two_proportions(a: Score, b: Score, errors: float) -> None:
    assert standard_errors(a, b) == pytest.approx(errors, abs=0.001)


def test_a_test_goes_on_while_nothing_is_plain() -> None:
    assert ended(Score(sent=99, hits=60), Score(sent=99, hits=10)) is None
    assert ended(Score(sent=200, hits=60), Score(sent=200, hits=45)) is None
    assert ended(Score(sent=0, hits=0), Score(sent=0, hits=0), days_left=None) is None


def test_a_plain_difference_ends_it_early() -> None:
    over = ended(Score(sent=200, hits=20), Score(sent=200, hits=60), days_left=None)

    assert over == Verdict(letter=Letter.B, result=Result.CLEAR_WINNER, decided_at=NOW)


def test_on_its_last_day_the_usual_bar_counts() -> None:
    over = ended(Score(sent=50, hits=25), Score(sent=50, hits=12), days_left=0)

    assert over == Verdict(letter=Letter.A, result=Result.CLEAR_WINNER, decided_at=NOW)
    assert over.state is TestState.ENDED


def test_without_a_winner_the_default_stays() -> None:
    over = ended(Score(sent=20, hits=20), Score(sent=20, hits=0), days_left=0)

    assert over == Verdict(letter=Letter.B, result=Result.NOT_CONCLUSIVE, decided_at=NOW)
    by_hand = Verdict(letter=Letter.A, result=Result.STOPPED, decided_at=NOW)
    assert by_hand.state is TestState.STOPPED


def test_an_enrollment_keeps_the_version_it_drew() -> None:
    decision = begun()
    after = decision.enrollment
    again = decide(after, FLOW, TimeCame(token=after.token), NOW, Facts(winners={M: Letter.A}))

    assert len(after.versions) == 1
    assert again.enrollment.versions == after.versions
    assert any(isinstance(each, SendMail) for each in decision.effects)


@pytest.mark.parametrize("winner", list(Letter))
def test_who_comes_after_the_end_gets_the_winner(winner: Letter) -> None:
    after = begun(facts=Facts(winners={M: winner})).enrollment

    assert letter_in(after.versions, M) is winner
    assert letter_in(after.versions, StepId("n")) is None


def test_a_test_that_is_not_automatic_is_a_draft() -> None:
    (asked,) = [each for each in begun(DRAFTED).effects if isinstance(each, AskUser)]

    assert (asked.type, asked.step_id) == ("email", M)


def test_the_version_is_told_with_the_mail_and_with_the_goal() -> None:
    ready = begun(facts=Facts(winners={M: Letter.B})).enrollment
    flow = Flow(start=M, steps=(TEST, AbTestStep(id=StepId("x"), a=TEST.a, b=TEST.b)))
    sent = MailSent(step_id=M, wire_id=WireId("w"), sent_at=NOW)
    out = decide(ready, flow, sent, NOW, Facts())
    won = Stopped(id=SignalId("s"), reason=ExitReason.REPLIED, at=NOW)
    over = decide(out.enrollment, flow, won, NOW, Facts())

    lines = [each for each in out.effects if isinstance(each, Record)]
    assert ("sent", "b") in [(each.state, each.version) for each in lines]
    goals = [each for each in over.effects if isinstance(each, Record) and each.state == "goal"]
    assert (M, "b") in [(each.step_id, each.version) for each in goals]


def test_figures_of_a_version_stand_beside_those_of_its_step() -> None:
    assert keys_of("m", "sent", None) == ("m",)
    assert keys_of("m", "sent", "a") == ("m", "m#a")
    assert keys_of("m", "drawn", "a") == ("m#a",)
    assert figures_of("ab_test", "drawn") == (Figure.REACHED,)
    assert figures_of("ab_test", "goal") == (Figure.GOAL,)
    assert figure_key(M, Letter.A) == "m#a"
