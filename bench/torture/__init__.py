"""What kill -9 leaves: a city of its own is worked on over HTTP while its processes are killed, then every row is looked at."""
