"""Tests of the library on a real PostgreSQL."""
