"""What changes the city's catalogue and the public facts of it: one function per verb."""
