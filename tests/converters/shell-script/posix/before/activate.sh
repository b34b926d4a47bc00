#!/bin/sh
eval $(poetry env activate)
pytest
