"""Tests of Hospital Follow-up. Never packaged: setup.py lists the app's own packages only."""
