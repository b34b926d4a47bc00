"""What a task file says: the tasks, what each needs, and which of them check something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_CHECKS = re.compile(
    r"(?<![\w-])(?:ruff|flake8|pylint|pyflakes|pycodestyle|pydocstyle|mypy|pyright|basedpyright|ty"
    r"|pyrefly|black|isort|yapf|bandit|pytest|unittest|coverage|deptry|vulture|pip-audit|safety"
    r"|codespell|typos|interrogate|yamllint|shellcheck|hadolint|actionlint|zizmor|semgrep|radon"
    r"|xenon|lint-imports|pre-commit|uv lock --check|uv lock --locked|djlint|sqlfluff|taplo"
    r"|mdformat|pymarkdown|doc8|doctest|twine check|pyroma|check-manifest)(?![\w-])"
)
_NAME = re.compile(
    r"(?i)(?:^|[\W_])(?:check\w*|lint\w*|tests?|types?|typing|typecheck\w*|mypy|format\w*|fmt"
    r"|style|security|audit|cov|coverage|quality|spell\w*|unit|integration|docstrings?|py\d+)"
    r"(?:$|[\W_])"
)
# What is not to be done when something before it went wrong, or twice.
_ACTS = re.compile(
    r"(?i)(?:^|[\W_])(?:publish\w*|deploy\w*|release\w*|upload\w*|push|bump|tag)(?:$|[\W_])"
)


class Task(NamedTuple):
    """A task.

    Attributes:
        needs: the tasks that run before it, under the names by which they are called.
        body: text of what it runs itself; empty if that is nothing.
        once: it makes a file, and is not run again where that is there.
    """

    needs: tuple[str, ...] = ()
    body: str = ""
    once: bool = False


Tasks = Mapping[str, Task]


class TaskFile(NamedTuple):
    """The tasks of a file, other names for them, and what runs when none is named."""

    tasks: Tasks
    aliases: Mapping[str, str] = {}
    default: tuple[str, ...] = ()

    def named(self, name: str) -> str:
        """Return the name of a task for what stands in a command; empty if there is none."""
        name = self.aliases.get(name, name)
        return name if name.split()[:1] and name.split()[0] in self.tasks else ""

    def of(self, name: str) -> Task:
        """Return a task; arguments may follow its name."""
        return self.tasks[name.split()[0]]

    def leaves(self, name: str, above: tuple[str, ...] = ()) -> tuple[str, ...] | None:
        """Return the tasks that a task without a body stands for, in their order.

        Itself if it does something; None if one of them is not known.
        """
        name = self.named(name)
        if not name or name in above:
            return None
        task = self.of(name)
        if task.body or not task.needs:
            return (name,)
        found: list[str] = []
        for needed in task.needs:
            below = self.leaves(needed, (*above, name))
            if below is None:
                return None
            found += below
        return tuple(dict.fromkeys(found))

    def is_check(self, name: str) -> bool:
        """Whether a task looks for faults, by its name or by what it runs."""
        text = " ".join(self.of(n).body for n in (name, *self.below(name)))
        return bool(_NAME.search(name) or _CHECKS.search(text))

    def acts(self, name: str) -> bool:
        """Whether a task does something to others, such as a release."""
        return any(_ACTS.search(n) for n in (name, *self.below(name)))

    def below(self, name: str) -> Iterator[str]:
        """Yield all that runs before a task because of it."""
        stack, seen = list(self.of(name).needs), set[str]()
        while stack:
            needed = self.named(stack.pop())
            if needed and needed not in seen:
                seen.add(needed)
                yield needed
                stack += self.of(needed).needs

    def shared(self, leaves: Iterable[str]) -> str:
        """Return a task that would run once more if each leaf ran alone; empty if none would."""
        seen = set(leaves)
        for leaf in tuple(seen):
            for needed in self.below(leaf):
                if needed in seen and not self.of(needed).once:
                    return needed
                seen.add(needed)
        return ""


def names_called(lines: Sequence[str], call: re.Pattern[str]) -> tuple[str, ...]:
    """Return the tasks that a body calls if it does nothing else; none if it does.

    Args:
        lines: of the body.
        call: a line that calls tasks, their `names` in a group.
    """
    calls = [call.fullmatch(line) for line in lines]
    found = (name for match in calls if match for name in match["names"].split())
    return tuple(found) if all(calls) else ()


def checkers(body: str) -> tuple[str, ...]:
    """Return the names of the checkers that the lines of a body run, each once."""
    lines = (line for line in body.splitlines() if not re.match(r"[\s@-]*(?:#|echo\b)", line))
    return tuple(dict.fromkeys(m[0] for line in lines if (m := _CHECKS.search(line))))
