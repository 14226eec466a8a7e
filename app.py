"""Assembles Sekvens for Chalice; decides nothing."""

from chalice.app import Chalice

from chalicelib.entry import (
    advance,
    enrollments,
    feedback,
    overview,
    pulse,
    ripple,
    sweep,
)

app = Chalice(app_name="sekvens", configure_logs=False)

for room in (advance, enrollments, feedback, overview, pulse, ripple, sweep):
    app.register_blueprint(room.routes)
