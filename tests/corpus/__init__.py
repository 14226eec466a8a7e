"""Real mails under permissive licences, with what they must read as."""
