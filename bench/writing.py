"""The WSGI application with the address of `bench.rows` beside its own."""

from __future__ import annotations

import wsgi
from bench.rows import blueprint

app = wsgi.app
app.register_blueprint(blueprint)
