"""What pages of courses show."""
