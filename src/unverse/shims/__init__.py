"""Launchers for poetry, pip, pipx and others that take the tool's own words and become uv.

`launch.py` is all that a launcher loads for the shapes in `known.py`; the command tables and
everything else here come in for the others.
"""
