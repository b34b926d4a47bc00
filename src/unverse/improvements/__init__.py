"""What is merely better: one module a rule, made only when asked for (`--improve`).

A rule has `RULE` (its name), `WHY` (one line), `matches(path)` and `improve(file, view)`, which
yields edits of the text as the faithful migration leaves it. Its own output gives it nothing to do.
"""
