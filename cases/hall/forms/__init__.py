"""What citizens and clerks type: read, checked by the rules that the API uses too, handed to a service."""
