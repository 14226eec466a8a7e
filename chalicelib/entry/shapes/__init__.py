"""What the doors show, resource by resource: types that OpenAPI is made of and tests hold us to."""
