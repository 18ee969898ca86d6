"""What was asked and what was answered, as plain data in the project's own words."""
