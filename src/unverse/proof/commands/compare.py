"""A unit before and after, step by step, in the state that it has reached."""

from __future__ import annotations

from collections.abc import Iterator

from unverse.proof.commands.align import step_pairs
from unverse.proof.commands.difference import Difference, Subject
from unverse.proof.commands.homes import PoetryHome
from unverse.proof.commands.installed import Packages, listed
from unverse.proof.commands.meaning import Act, Meaning, Wanted, Where
from unverse.proof.commands.reading import Read
from unverse.proof.commands.state import Contents, State, path_reaches
from unverse.proof.commands.unit import Kind, Step, Unit

# Where a person types and looks: nothing breaks unseen.
_LENIENT = frozenset({Kind.DOCS})
# Acts whose loss nobody notices, or that only concern Poetry itself.
_MAY_GO = frozenset(
    {Act.SETTING, Act.PYTHON, Act.SHOW, Act.ACTIVATE, Act.OTHER, Act.BARE, Act.TOOL, Act.VERSION}
)
_WORTH_TELLING = frozenset(
    {Act.INSTALL, Act.RUN, Act.PIP, Act.EXPORT, Act.BUILD, Act.PUBLISH, Act.LOCK, Act.ADD}
)


class Comparison:
    """Compares the steps of one unit, and counts them."""

    def __init__(
        self,
        packages: Packages,
        before: tuple[Unit, list[Read], State],
        after: tuple[Unit, list[Read], State],
    ) -> None:
        self.packages = packages
        self.old_unit, self.old, self.old_state = before
        self.new_unit, self.new, self.new_state = after
        self.compared = 0
        self.unclear: list[str] = []
        self.left: list[Read] = []
        self._told: set[str] = set()
        self._guard = ""
        self._blind = False  # one side installed what only the shell knows, or is on Poetry still

    def run(self) -> Iterator[Difference]:
        """Yield the differences, in the order of the steps."""
        checks = 0
        last: tuple[Read, Read] | None = None
        for old, new in step_pairs(self.old, self.new):
            if old and old.meaning.act is Act.INSTALL:
                self._start_anew(old.step)
            contents = self.old_state.take(old.meaning, old.folder) if old else Contents()
            if new is None:
                yield from self._vanished(old, checks) if old else ()
                continue
            if new.tool == "poetry":
                self.left.append(new)
                self._blind |= new.meaning.act is Act.INSTALL
                continue
            found = self.new_state.take(new.meaning, new.folder)
            if old is None:
                if new.tool and new.meaning.act in _WORTH_TELLING:
                    message = "is new: no command of Poetry stood for it"
                    yield self._say(Subject.STEPS, None, new, message, fails=False)
                continue
            if not (old.tool or new.tool or old.meaning.act is Act.BARE):
                continue
            checks += old.meaning.act is Act.CHECK
            if old.tool:
                self.compared += 1
                last = (old, new)
            yield from self._pair(old, new, contents, found)
        if last and not self.left and self.old_unit.kind is Kind.IMAGE:
            yield from self._end(*last)

    def _start_anew(self, step: Step) -> None:
        """Forget the environments where another way to install begins.

        A document tells several ways; steps with different conditions exclude each other.
        """
        other = bool(step.guard and self._guard) and step.guard != self._guard
        self._guard = step.guard
        if self.old_unit.kind is Kind.DOCS or other:
            self.old_state.environments.clear()
            self.new_state.environments.clear()

    def _say(
        self,
        subject: Subject,
        old: Read | None,
        new: Read | None,
        message: str,
        *,
        fails: bool = True,
    ) -> Difference:
        return Difference(
            subject,
            self.old_unit.label,
            old.step if old else None,
            new.step if new else None,
            message,
            fails and self.old_unit.kind not in _LENIENT,
        )

    def _is_new(self, what: str) -> bool:
        """Whether this is said first: what is missing is missing for all that follows."""
        if what in self._told:
            return False
        self._told.add(what)
        return True

    def _vanished(self, old: Read, checks: int) -> Iterator[Difference]:
        act = old.meaning.act
        if not old.tool and not old.step.action:
            return
        if act in _MAY_GO or (act is Act.PIP and not self._puts(old.meaning)):
            return
        self.compared += 1
        if act is Act.CHECK and checks:
            return  # two in a row are one
        # What an installation brought is compared where it is needed.
        message = f"nothing stands for it: {act.value} is lost"
        yield self._say(Subject.STEPS, old, None, message, fails=act is not Act.INSTALL)

    def _puts(self, meaning: Meaning) -> bool:
        state = State(lambda *_: False)
        return bool(state.take(meaning, "").overlay)

    def _pair(
        self, old: Read, new: Read, before: Contents, after: Contents
    ) -> Iterator[Difference]:
        if new.meaning.invalid:
            if old.meaning.invalid:  # Poetry refuses it as well
                self.unclear.append(f"{new.step.place}: {new.meaning.invalid}, nor does Poetry")
                return
            yield self._say(Subject.STEPS, old, new, new.meaning.invalid)
            return
        if old.meaning.unknown or new.meaning.unknown:
            self._blind |= bool(old.meaning.unknown) != bool(new.meaning.unknown)
            self._blind |= _groups(old.meaning) != _groups(new.meaning)  # of what is known
            if old.step.text != new.step.text:
                words = (*old.meaning.unknown, *new.meaning.unknown)
                shown = ", ".join(f"`{word}`" for word in words)
                self.unclear.append(f"{new.step.place}: {shown}")
            return
        act = old.meaning.act
        if act is Act.INSTALL:
            yield from self._lock(old, new)
            yield from self._contents(old, new, before, after)
        elif act is Act.EXPORT:
            yield from self._export(old, new)
        elif act in {Act.RUN, Act.BARE}:
            yield from self._run(old, new, before, after)
        elif act is Act.PIP:
            yield from self._pip(old, new)
        elif act in {Act.BUILD, Act.PUBLISH, Act.LOCK, Act.VERSION}:
            yield from self._detail(old, new)

    def _lock(self, old: Read, new: Read) -> Iterator[Difference]:
        checked = new.meaning.checks_lock or self.new_state.checked
        # After the version or the lock was changed on purpose, there is nothing to check.
        if old.meaning.checks_lock and not checked and not self.old_state.moved:
            message = "Poetry's line fails if the lock is stale, uv's does not: `--locked`"
            # Without the sources of path dependencies uv cannot check the lock.
            fails = "parts are not there" not in new.meaning.detail
            yield self._say(Subject.LOCK, old, new, message, fails=fails)

    def _contents(
        self, old: Read, new: Read, before: Contents, after: Contents
    ) -> Iterator[Difference]:
        """Compare two environments."""
        if not before.wanted or self._blind:
            return  # somebody else filled it
        if "CONDA_PREFIX" in old.step.environment and new.meaning.where is not Where.ACTIVE:
            if self._is_new("conda"):
                message = "Poetry works in the active conda environment, uv in another one"
                yield self._say(Subject.PACKAGES, old, new, message)
            return
        yield from self._selected(old, new, before.wanted, after.wanted)
        mine = {one.folder for one in before.wanted if one.project and self._holds(one.folder)}
        theirs = {one.folder for one in after.wanted if one.project and self._holds(one.folder)}
        for folder in sorted(mine - theirs):
            if not self._is_new(f"- project {folder}"):
                continue
            fails = not self._lacks_dependencies(before.wanted, folder)
            message = f"Poetry installs the project itself{_of(folder)}, uv does not"
            yield self._say(Subject.PACKAGES, old, new, message, fails=fails)
        for folder in sorted(theirs - mine):
            if not self._is_new(f"+ project {folder}"):
                continue
            message = f"uv installs the project itself{_of(folder)}, Poetry does not"
            yield self._say(Subject.PACKAGES, old, new, message)
        gone = before.overlay - after.overlay
        if gone:
            names = ", ".join(f"`{one}`" for one in sorted(gone))
            message = f"what pip put there is taken back: {names}"
            yield self._say(Subject.PACKAGES, old, new, message)

    def _holds(self, folder: str) -> bool:
        """Whether a project has anything to install; `packages = []` says that it has not."""
        home = self.packages.before.at(folder)
        return not isinstance(home, PoetryHome) or home.project.poetry.get("packages") != []

    def _lacks_dependencies(self, wanted: tuple[Wanted, ...], folder: str) -> bool:
        """Whether the project is there without what it needs, so that little can import it."""
        if any(one.folder == folder and "main" in one.groups for one in wanted):
            return False
        home = self.packages.before.at(folder)
        return isinstance(home, PoetryHome) and bool(home.project.dependencies)

    def _selected(
        self, old: Read, new: Read, before: tuple[Wanted, ...], after: tuple[Wanted, ...]
    ) -> Iterator[Difference]:
        folders = {one.folder for one in before}
        if all(self.packages.can_tell(folder) for folder in folders):
            lost, gained = self.packages.compare(before, after)
            if lost and self._is_new(f"- {lost}"):
                message = f"uv leaves out {listed(lost)}"
                yield self._say(Subject.PACKAGES, old, new, message)
            if gained and self._is_new(f"+ {gained}"):
                message = f"uv installs {listed(gained)} besides{_why(new)}"
                yield self._say(Subject.PACKAGES, old, new, message)
        elif _sum(before) != _sum(after):
            message = f"Poetry installs {_names(before)}; uv {_names(after)}"
            yield self._say(Subject.PACKAGES, old, new, message)

    def _export(self, old: Read, new: Read) -> Iterator[Difference]:
        ours, theirs = old.meaning, new.meaning
        if not ours.wanted or not theirs.wanted:
            return
        yield from self._selected(old, new, (ours.wanted,), (theirs.wanted,))
        if theirs.wanted.project:
            message = "the file names the project itself, Poetry's did not: `--no-emit-project`"
            yield self._say(Subject.PACKAGES, old, new, message)
        if ours.detail != theirs.detail:
            message = f"another file: {_words(ours.detail)} with Poetry, {_words(theirs.detail)}"
            yield self._say(Subject.STEPS, old, new, message)

    def _run(self, old: Read, new: Read, before: Contents, after: Contents) -> Iterator[Difference]:
        ours, theirs = old.meaning, new.meaning
        if theirs.act is Act.TOOL and ours.act is Act.RUN:
            yield from self._unlocked(old, new)
            return
        if theirs.act is Act.PIP or ours.act is Act.PIP:
            return
        if new.step.starts and theirs.act is Act.RUN and theirs.wanted:
            message = "locks, downloads and installs when the container starts: `--no-sync`"
            yield self._say(Subject.STEPS, old, new, message)
            return
        if theirs.act is Act.BARE:
            yield from self._bare(old, new, before)
            return
        yield from self._contents(old, new, before, after)
        if _plain(ours.words) != _plain(theirs.words) and ours.act is Act.RUN:
            message = "it is called with other arguments"
            yield self._say(Subject.STEPS, old, new, message, fails=False)

    def _bare(self, old: Read, new: Read, before: Contents) -> Iterator[Difference]:
        """A program by its name alone: it must be found in the same environment."""
        reached = self.new_state.active or path_reaches(self.new_unit, new.step)
        system = bool(self.new_state.contents(Where.SYSTEM, "").wanted)
        needs = old.meaning.act is Act.RUN or (
            bool(before.wanted) and self._is_installed(old, before)
        )
        if needs and not reached and not system and before.wanted:
            message = f"no environment is active: `{new.meaning.program}` is not found, or another"
            yield self._say(Subject.PACKAGES, old, new, message)

    def _is_installed(self, old: Read, before: Contents) -> bool:
        name = old.meaning.program
        return any(self.packages.is_locked(w.folder, name, before=True) for w in before.wanted)

    def _unlocked(self, old: Read, new: Read) -> Iterator[Difference]:
        name = old.meaning.program
        first = new.meaning.words[0] if new.meaning.words else ""
        if self.packages.is_locked(old.folder, name, before=True):
            fails = not any(mark in first for mark in "@=<")
            message = f"`{name}` is taken from the index, not from the lock"
            yield self._say(Subject.TOOLS, old, new, message, fails=fails)

    def _pip(self, old: Read, new: Read) -> Iterator[Difference]:
        if new.meaning.detail:
            message = "an environment of uv has no pip: another environment is changed"
            yield self._say(Subject.PACKAGES, old, new, message)

    def _detail(self, old: Read, new: Read) -> Iterator[Difference]:
        ours, theirs = old.meaning.detail, new.meaning.detail
        if ours - {"build"} != theirs - {"build"}:
            message = f"{_words(ours)} with Poetry, {_words(theirs)} with uv"
            yield self._say(Subject.STEPS, old, new, message)
        if old.meaning.act is Act.PUBLISH and old.meaning.words and not new.meaning.words:
            message = f"uploads to the index of everybody, not to `{old.meaning.words[0]}`"
            yield self._say(Subject.STEPS, old, new, message)

    def _end(self, old: Read, new: Read) -> Iterator[Difference]:
        """Compare what an image holds at last: what it starts may need it."""
        for key, before in self.old_state.environments.items():
            after = self.new_state.environments.get(key, Contents())
            if not after.wanted and key[0] is not Where.OWN:
                yield from self._moved(old, new, key[0], before)
                continue
            yield from self._contents(old, new, before, after)

    def _moved(self, old: Read, new: Read, where: Where, before: Contents) -> Iterator[Difference]:
        if not before.wanted:
            return
        others = [c for k, c in self.new_state.environments.items() if c.wanted]
        if not others:
            yield from self._contents(old, new, before, Contents())
            return
        steps = self.new_unit.steps
        reached = self.new_state.active or any(path_reaches(self.new_unit, s) for s in steps)
        hint = _useless(steps[-1]) if steps else ""
        message = f"Poetry installs into {where.value}, uv into {Where.OWN.value}{hint}"
        fails = self.old_unit.kind is Kind.IMAGE and not reached
        yield self._say(Subject.PACKAGES, old, new, message, fails=fails)


def _useless(step: Step) -> str:
    return (
        "; `UV_SYSTEM_PYTHON` is nothing to `uv sync`"
        if "UV_SYSTEM_PYTHON" in step.environment
        else ""
    )


def _why(new: Read) -> str:
    return ": it syncs first, `--no-sync`" if new.meaning.act is Act.RUN else ""


def _of(folder: str) -> str:
    return f" in `{folder}`" if folder else ""


def _groups(meaning: Meaning) -> frozenset[str]:
    return meaning.wanted.groups if meaning.wanted else frozenset()


def _words(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"


def _sum(wanted: tuple[Wanted, ...]) -> frozenset[tuple[str, str]]:
    found = {(one.folder, group) for one in wanted for group in one.groups}
    return frozenset(found | {(one.folder, f"[{e}]") for one in wanted for e in one.extras})


def _names(wanted: tuple[Wanted, ...]) -> str:
    return " and ".join(map(str, wanted)) or "nothing"


def _plain(words: tuple[str, ...]) -> list[str]:
    return " ".join(words).replace("=", " ").replace('"', "").replace("'", "").split()
