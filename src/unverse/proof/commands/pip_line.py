"""A command line of pip: what it is told to install or remove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Options of `pip install` and `pip uninstall` that take a value, by `pip install --help`.
_FILES = {"--requirement": "-r", "--constraint": "-c", "--editable": "-e"}
_VALUED = frozenset(
    {
        *("-i", "--index-url", "--pypi-url", "--extra-index-url", "-f", "--find-links"),
        *("--no-binary", "--only-binary", "--uploaded-prior-to", "--build-constraint"),
        *("-t", "--target", "--prefix", "--root", "--src", "--platform", "--python-version"),
        *("--implementation", "--abi", "--upgrade-strategy", "--root-user-action", "--report"),
        *("-C", "--config-settings", "--global-option", "--build-option", "--progress-bar"),
        *("--python", "--log", "--keyring-provider", "--proxy", "--retries", "--timeout"),
        *("--exists-action", "--trusted-host", "--cert", "--client-cert", "--cache-dir"),
        *("--use-feature", "--use-deprecated", "--resume-retries", "--group"),
    }
)


def pip_words(words: Sequence[str]) -> Iterator[str]:
    """Yield the command and the packages; `-r`, `-c` and `-e` stay before what they name.

    All other options go, with their values.
    """
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        short = _FILES.get(name, name)
        if word[:2] in {"-r", "-c", "-e"}:
            yield from (word[:2], word[2:]) if word[2:] else (word,)
        elif short in {"-r", "-c", "-e"}:
            yield from (short, value) if equals else (short,)
        elif name in _VALUED:
            if not equals:
                next(rest, None)
        elif not word.startswith("-"):
            yield word
