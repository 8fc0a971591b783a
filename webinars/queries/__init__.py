"""What the pages read, one subject a file."""
