#!/bin/sh
echo poetry
