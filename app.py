"""Assembles Sekvens for Chalice; decides nothing."""

from chalicelib.entry.observability import observe
from chalicelib.entry.problems import speak_problem
from chalicelib.entry.reception import Reception
from chalicelib.entry.settings import function_called

app = Reception("sekvens")
observe(app)
app.register_middleware(speak_problem, "http")
app.open_for(function_called())

# Lambda finds each event door here by its name (infra/resources.yaml). By Chalice's own default it
# would load the door's room alone, without the roof and so without the middleware above.
globals().update(app.handler_map)
