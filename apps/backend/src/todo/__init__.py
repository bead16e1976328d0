"""The todo application's API."""
