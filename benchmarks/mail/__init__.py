"""What the mail reader makes of a directory of mails, and what that costs."""
