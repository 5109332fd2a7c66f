#!/usr/bin/env python
"""Runs the product's commands; ``create-api-token`` and ``create_api_token`` are the same one."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    name = [argument.replace("-", "_") for argument in sys.argv[1:2] if argument[0:1] != "-"]
    execute_from_command_line([sys.argv[0], *(name or sys.argv[1:2]), *sys.argv[2:]])
