"""The benchmark: every figure as a ratio to a bare Flask application under the same gunicorn, in one run."""
