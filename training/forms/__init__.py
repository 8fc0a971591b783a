"""What is asked of who takes part."""
