"""Assembles Sekvens for Chalice; decides nothing."""

from chalice.app import Chalice

app = Chalice(app_name="sekvens", configure_logs=False)
