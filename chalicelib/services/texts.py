"""The words of a step as one item's people will read them."""

from chalicelib.domain.crm.merge_fields import Fields, render
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.services.decisions import Bench


def texts_of(
    enrollment: Enrollment, step: EmailStep, fields: Fields, *, bench: Bench
) -> tuple[str, str]:
    """Return subject and HTML body: as its user edited them, else rendered from the flow.

    Raises MissingFieldError or TemplateError.
    """
    edited = None
    if enrollment.approved_by is not None or enrollment.edited == step.id:
        edited = bench.stores.tasks.find(enrollment.id, step.id)
    subject = edited.subject if edited and edited.subject is not None else None
    body = edited.body if edited and edited.body is not None else None
    if subject is None:
        subject = render(step.subject or "", fields, is_html=False)
    # A value may hold a line break, which no header may.
    return (
        " ".join(subject.split()),
        body if body is not None else render(step.body or "", fields, is_html=True),
    )
