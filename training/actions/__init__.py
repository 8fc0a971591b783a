"""What people do in courses."""
