"""What people are asked about sessions, one subject a file."""
