"""What is configured, what each source and destination needs, what is wrong and how to mend it."""
