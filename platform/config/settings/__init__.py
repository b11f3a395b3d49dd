"""Django's settings, from the environment (`environment.py`), one topic a file."""

from config.settings.apps import *  # noqa: F403
from config.settings.archive import *  # noqa: F403
from config.settings.database import *  # noqa: F403
from config.settings.jobs import *  # noqa: F403
from config.settings.life import *  # noqa: F403
from config.settings.rights import *  # noqa: F403
from config.settings.security import *  # noqa: F403
