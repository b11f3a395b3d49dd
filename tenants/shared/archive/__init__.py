"""One hall in one file: written, checked, restored, copied for practice.

`sealed` encrypts a stream, `records` puts entries into it, `keys` says with which keys; `tables` knows a schema from PostgreSQL's
catalogs. `exporting` writes an archive, `checking` reads one and believes nothing, `restoring` makes a schema of it.
"""
