"""The spelling with hyphens; Django names a command by its module."""  # noqa: N999 - the command's name

from core.management.commands.create_operator import Command

__all__ = ["Command"]
