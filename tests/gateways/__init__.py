"""The gateways against what AWS documents of its answers."""
