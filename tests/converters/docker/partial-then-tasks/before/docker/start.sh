#!/bin/sh
poetry run flask --app kiosk run
