"""A browser for the tests: one cookie jar for each host, and it follows redirects from host to host as a real one does."""

from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from tests.template import PASSWORD, PORTAL

EAST, WEST = f"east.{PORTAL}", f"west.{PORTAL}"
MOST_REDIRECTS = 10


class Browser:
    """`visited` lists the addresses of the last journey."""

    def __init__(self):
        self.jars = {}
        self.visited = []

    def at(self, host):
        """Return the client of this host."""
        return self.jars.setdefault(host, Client(headers={"host": host}))

    def get(self, url):
        """Open an address and follow where it leads."""
        self.visited = []
        return self._follow(url, None)

    def post(self, url, data=None):
        """Send a form and follow where it leads."""
        self.visited = []
        return self._follow(url, data or {})

    def _follow(self, url, data):
        host = PORTAL
        for _ in range(MOST_REDIRECTS):
            parts = urlsplit(url)
            host = parts.netloc or host
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            self.visited.append(f"{host}{path}")
            client = self.at(host)
            response = client.get(path) if data is None else client.post(path, data)
            if response.status_code != 302:
                return response
            url, data = response["Location"], None
        raise AssertionError(f"redirects without end: {self.visited}")

    def sign_in(self, username, *, host=PORTAL, password=PASSWORD, onward="/"):
        """Sign in by password."""
        data = {"username": username, "password": password}
        return self.post(f"http://{host}/sign-in/?next={onward}", data)

    def who(self, host):
        """Return the username that this host takes the browser for; empty for nobody."""
        return self.at(host).get("/sign-in/").context["actor"].username

    def session_key(self, host):
        """Return the session that the browser holds at this host."""
        cookie = self.at(host).cookies.get(settings.SESSION_COOKIE_NAME)
        return cookie.value if cookie else ""
