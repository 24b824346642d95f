"""One module per page: read the request, ask the desk, render."""
