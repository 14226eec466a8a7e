"""Assembles Sekvens for Chalice; decides nothing."""

from chalice.app import Chalice

from chalicelib.entry import (
    advance,
    automate,
    automations,
    audit,
    custom_fields,
    email_templates,
    enrollments,
    feedback,
    flow_versions,
    foresight,
    health,
    imports,
    intake,
    item_moves,
    items,
    jobs,
    overview,
    privacy,
    public_pages,
    pulse,
    pulse_bulk,
    reference,
    ripple,
    sender_addresses,
    sequence_lifecycle,
    sequence_templates,
    sequences,
    smart_bcc,
    steering,
    suppressions,
    sweep,
    tenant,
    threads,
    users,
)
from chalicelib.entry.browsers import open_to_browsers
from chalicelib.entry.observability import observe
from chalicelib.entry.problems import speak_problem

app = Chalice(app_name="sekvens", configure_logs=False)
observe(app)
app.register_middleware(speak_problem, "http")

for room in (
    advance,
    automate,
    automations,
    audit,
    email_templates,
    custom_fields,
    enrollments,
    feedback,
    flow_versions,
    foresight,
    health,
    imports,
    intake,
    item_moves,
    items,
    jobs,
    overview,
    public_pages,
    privacy,
    pulse,
    pulse_bulk,
    reference,
    ripple,
    sender_addresses,
    sequence_lifecycle,
    sequence_templates,
    sequences,
    smart_bcc,
    steering,
    suppressions,
    sweep,
    tenant,
    threads,
    users,
):
    app.register_blueprint(room.routes)
open_to_browsers(app)

# Lambda finds each event door here by its name (infra/resources.yaml). By Chalice's own default it
# would load the door's room alone, without the roof and so without the middleware above.
globals().update(app.handler_map)
