"""The API's description of itself, made of its doors; loaded only when somebody asks for it."""
