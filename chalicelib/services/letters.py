"""A mail as it will leave: its words filled in, its headers, its bytes."""

from dataclasses import dataclass

from chalicelib.domain.crm import merge_fields
from chalicelib.domain.ids import StepId, WireId
from chalicelib.domain.mail.composing import Draft, compose
from chalicelib.domain.mail.html import sanitize, text_of
from chalicelib.domain.mail.reply_token import format_reply_address
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.signals import FailureReason, MailRefused
from chalicelib.domain.sequences.tasks import Task
from chalicelib.services import addressees
from chalicelib.services.decisions import Bench
from chalicelib.services.gates import Passed
from chalicelib.services.public_links import unsubscribe_url
from chalicelib.services.texts import texts_of
from chalicelib.services.wording import TemplateGoneError, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail, and the bytes SES is asked to send."""

    draft: Draft
    mime: bytes


def write(
    enrollment: Enrollment, step: EmailStep, passed: Passed, written: Task | None, *, bench: Bench
) -> Letter | MailRefused:
    """Return the mail of a step, with what its user has `written`, or why there can be none."""
    try:
        words = words_of(step, enrollment.versions, enrollment.country, bench=bench)
    except TemplateGoneError:
        why = "its e-mail template is no longer there; give the step another"
        return MailRefused(step_id=step.id, reason=FailureReason.TEMPLATE_MISSING, why=why)
    asking = (words.subject, words.body)
    fields = addressees.fields(passed.addressee, passed.user, *asking, bench=bench)
    try:
        subject, html = texts_of(words, fields, written)
        draft = _draft(enrollment, step, passed, subject, html, bench=bench)
        return Letter(draft=draft, mime=compose(draft))
    except merge_fields.MissingFieldError as error:
        why = f"no value and no default: {error.field}"
        return MailRefused(step_id=step.id, reason=FailureReason.MISSING_VARIABLE, why=why)
    except (merge_fields.TemplateError, ValueError):
        why = "its text cannot be rendered; look at the step's subject and body"
        return MailRefused(step_id=step.id, reason=FailureReason.TEMPLATE_MISSING, why=why)


def _draft(
    enrollment: Enrollment,
    step: EmailStep,
    passed: Passed,
    subject: str,
    html: str,
    *,
    bench: Bench,
) -> Draft:
    token_address = format_reply_address(
        bench.stores.tenant_id,
        enrollment.id,
        keys=bench.outside.mac_keys,
        domain=bench.outside.inbound_domain,
    )
    parent = None
    if step.reply_to_step is not None:
        parent = _wire_id_of(enrollment, step.reply_to_step, bench)
    return Draft(
        sender_name=passed.user.name,
        sender=passed.user.email,
        reply_to=(passed.user.email, token_address),
        to=passed.recipients,
        subject=subject,
        html=html,
        text=text_of(sanitize(html)),
        in_reply_to=parent,
        references=tuple(WireId(each) for each in enrollment.wire_ids[:1]) if parent else (),
        unsubscribe_url=unsubscribe_url(enrollment.id, passed.recipients[0], bench=bench)
        if passed.has_unsubscribe
        else None,
    )


def _wire_id_of(enrollment: Enrollment, step_id: StepId, bench: Bench) -> WireId | None:
    """Return the confirmed wire id of a mail of this enrollment: the head knows two of them."""
    known = enrollment.wire_id_of(step_id)
    if known is not None:
        return known
    entry = bench.stores.ledger.find(enrollment.id, step_id)
    return entry.wire_id if entry else None
