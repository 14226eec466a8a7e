"""The texts of the ready-made sequences in other languages, step by step."""
