"""The words of a step as one item's people will read them."""

from chalicelib.domain.crm.merge_fields import Fields, render
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.tasks import Task


def texts_of(step: EmailStep, fields: Fields, written: Task | None) -> tuple[str, str]:
    """Return subject and HTML body: as its user wrote them, else rendered from the flow.

    Raises MissingFieldError or TemplateError.
    """
    subject = written.subject if written else None
    body = written.body if written else None
    if subject is None:
        subject = render(step.subject or "", fields, is_html=False)
    # A value may hold a line break, which no header may.
    return (
        " ".join(subject.split()),
        body if body is not None else render(step.body or "", fields, is_html=True),
    )
