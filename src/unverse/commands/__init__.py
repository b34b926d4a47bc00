"""One table per tool: how its commands read with uv.

`unverse.commands.translate.translate` is the door for one command, `unverse.commands.script`
the one for the text of a script. Nothing here loads a parser before there is something to parse.
"""
