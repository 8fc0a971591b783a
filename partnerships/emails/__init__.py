"""What the register tells people, one subject a file. Importing it registers the kinds."""
