"""A server that a proxy stands before: it takes /uni off the path, as nginx would."""

import os
import sys
from wsgiref.simple_server import make_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


class Static(StaticFilesHandler):
    """Looks for files at the address as the reader has it, which is with the path again."""

    def _should_handle(self, path):
        return path.startswith("/static/")


static = Static(application)


def proxied(environ, start_response):
    path = environ["PATH_INFO"]
    if not path.startswith("/uni/"):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not this site"]
    environ["PATH_INFO"] = path.removeprefix("/uni")
    return static(environ, start_response)


make_server("127.0.0.1", int(sys.argv[1]), proxied).serve_forever()
