"""Assembles Sekvens for Chalice; decides nothing."""

from importlib import import_module

from chalice.app import Chalice

from chalicelib.entry.browsers import open_to_browsers
from chalicelib.entry.observability import observe
from chalicelib.entry.problems import speak_problem
from chalicelib.entry.rooms import ROOMS

app = Chalice(app_name="sekvens", configure_logs=False)
observe(app)
app.register_middleware(speak_problem, "http")
for room in ROOMS:
    app.register_blueprint(import_module(f"chalicelib.entry.{room}").routes)
open_to_browsers(app)

# Lambda finds each event door here by its name (infra/resources.yaml). By Chalice's own default it
# would load the door's room alone, without the roof and so without the middleware above.
globals().update(app.handler_map)
