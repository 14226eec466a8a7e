"""The words of a step as one item's people will read them."""

from chalicelib.domain.crm.merge_fields import Fields, render
from chalicelib.domain.sequences.tasks import Task
from chalicelib.services.wording import Words


def texts_of(words: Words, fields: Fields, written: Task | None) -> tuple[str, str]:
    """Return subject and HTML body: as its user wrote them, else as its author did, filled in.

    Raises MissingFieldError or TemplateError.
    """
    subject = written.subject if written else None
    body = written.body if written else None
    if subject is None:
        subject = render(words.subject, fields, is_html=False)
    # A value may hold a line break, which no header may.
    return (
        " ".join(subject.split()),
        body if body is not None else render(words.body, fields, is_html=True),
    )
