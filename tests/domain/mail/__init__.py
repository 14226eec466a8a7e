"""The rules of mail, without storage."""
