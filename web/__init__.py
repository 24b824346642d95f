"""The desk in the browser: server-rendered pages."""
