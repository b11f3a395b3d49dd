"""The addresses of the portal and of a hall: two lists, chosen by the host."""
