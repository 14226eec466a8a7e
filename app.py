"""Assembles Sekvens for Chalice; decides nothing."""

from chalice.app import Chalice

from chalicelib.entry import (
    advance,
    enrollments,
    feedback,
    health,
    intake,
    items,
    overview,
    pulse,
    ripple,
    smart_bcc,
    sequence_lifecycle,
    sequence_templates,
    sequences,
    sweep,
    tenant,
    threads,
    users,
)
from chalicelib.entry.observability import observe
from chalicelib.entry.problems import speak_problem

app = Chalice(app_name="sekvens", configure_logs=False)
observe(app)
app.register_middleware(speak_problem, "http")

for room in (
    advance,
    enrollments,
    feedback,
    health,
    intake,
    items,
    overview,
    pulse,
    ripple,
    smart_bcc,
    sequence_lifecycle,
    sequence_templates,
    sequences,
    sweep,
    tenant,
    threads,
    users,
):
    app.register_blueprint(room.routes)
