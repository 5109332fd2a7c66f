"""Small figures drawn as SVG on the server: they print, need no JavaScript and can be tested.

Each has a name that is read aloud and a table with the same numbers.
"""
