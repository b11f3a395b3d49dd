"""What gunicorn is told besides its command line (`--config=python:config.serving`).

A search of ten thousand characters is a line of 90,000: it gets our page, and not the server's bare 414. Longer ones do not.
"""

from gunicorn.http import message

LONGEST = 128 * 1024
# gunicorn allows 8,190 at the most, or no limit at all
message.MAX_REQUEST_LINE = LONGEST
limit_request_line = LONGEST - 1
