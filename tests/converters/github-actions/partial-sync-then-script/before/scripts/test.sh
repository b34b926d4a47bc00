#!/bin/sh
poetry run pytest
