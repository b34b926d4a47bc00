from __future__ import annotations

from textwrap import dedent

from unverse.poetry.model import Address, Dependency, Git, Path, Priority, Project, Style, Url
from unverse.poetry.reader import read_project

HEAD = '[tool.poetry]\nname = "demo"\nversion = "1.0"\n'


def read(text: str, head: str = HEAD) -> Project:
    return read_project("pyproject.toml", head + dedent(text))


def only(text: str) -> Dependency:
    (dependency,) = read(f"[tool.poetry.dependencies]\n{text}\n").dependencies
    return dependency


def rules(project: Project) -> list[tuple[str, int]]:
    return [(note.rule, note.line) for note in project.notes]


def test_strings_tables_and_lists() -> None:
    project = read(
        """
        [tool.poetry.dependencies]
        python = "^3.9"
        Foo_Bar = "^1.2"
        web = { version = ">=2,<3", extras = ["a", "b"], optional = true, source = "inner" }
        pre = { version = "^1.0.0a1", allow-prereleases = true }
        two = [
            { version = "1.*", python = "<3.11" },
            { version = "2.*", python = ">=3.11", platform = "linux" },
        ]

        [tool.poetry.extras]
        Net = ["WEB"]

        [[tool.poetry.source]]
        name = "Inner"
        url = "https://example.org/simple"
        """
    )
    foo, web, pre, one, two = project.dependencies
    table = ("tool", "poetry", "dependencies")
    assert foo == Dependency("Foo_Bar", ">=1.2,<2.0", address=Address(table, "Foo_Bar"))
    assert foo.key == "foo-bar"
    assert web.extras == ("a", "b")
    assert (web.optional, web.index, web.in_extras) == (True, "inner", ("net",))
    assert pre.prereleases
    assert one.marker == 'python_version < "3.11"'
    assert two.marker == 'python_version >= "3.11" and sys_platform == "linux"'
    assert two.address == Address(table, "two", 1)
    assert project.extras == {"Net": ("web",)}
    assert (project.python, project.requires_python) == ("^3.9", ">=3.9,<4.0")
    assert project.style is Style.POETRY
    assert project.notes == ()


def test_an_or_gets_parentheses_before_it_is_joined() -> None:
    found = only(
        'a = { version = "*", python = "<3.11", platform = "linux || darwin", '
        "markers = \"os_name == 'posix' or os_name == 'nt'\" }"
    )
    assert found.marker == (
        '(os_name == "posix" or os_name == "nt") and python_version < "3.11"'
        ' and (sys_platform == "linux" or sys_platform == "darwin")'
    )


def test_platforms() -> None:
    assert only('a = { platform = "!=win32,!=cygwin" }').marker == (
        'sys_platform != "win32" and sys_platform != "cygwin"'
    )
    assert only('a = { platform = "==darwin" }').marker == 'sys_platform == "darwin"'


def test_locations() -> None:
    url = "https://example.org/x.git"
    assert only(f'a = {{ git = "{url}", tag = "v1", subdirectory = "s" }}').location == Git(
        url, tag="v1", subdirectory="s"
    )
    assert only(f'a = {{ git = "{url}", branch = "b" }}').location == Git(url, branch="b")
    assert only(f'a = {{ git = "{url}", rev = "abc" }}').location == Git(url, rev="abc")
    archive = "https://example.org/a.tar.gz"
    assert only(f'a = {{ url = "{archive}" }}').location == Url(archive)
    assert only('a = { path = "../a", develop = true }').location == Path("../a", develop=True)
    assert only('a = { file = "dist/a.whl" }').location == Path("dist/a.whl")


def test_extras_in_markers_belong_to_these_extras() -> None:
    project = read(
        """
        [tool.poetry.dependencies]
        torch = [
            { version = "1.*", markers = "extra == 'cpu'" },
            { version = "2.*", markers = "extra == 'cuda' and sys_platform == 'linux'" },
        ]
        [tool.poetry.extras]
        cpu = ["torch"]
        cuda = ["torch"]
        """
    )
    cpu, cuda = project.dependencies
    assert (cpu.in_extras, cpu.marker, cpu.optional) == (("cpu",), "", True)
    assert (cuda.in_extras, cuda.marker) == (("cuda",), 'sys_platform == "linux"')


def test_a_negated_extra_is_noted() -> None:
    project = read(
        """
        [tool.poetry.dependencies]
        torch = { version = "1.*", markers = "extra == 'cpu' and extra != 'cuda'" }
        """
    )
    (torch,) = project.dependencies
    assert (torch.in_extras, torch.marker) == (("cpu",), "")
    assert rules(project) == [("poetry/negated-extra", 6)]


def test_poetry_2_style_is_enriched() -> None:
    project = read(
        """
        [project]
        name = "demo"
        version = "1.0"
        requires-python = ">=3.9, <4"
        dependencies = [
            "Requests[socks] (>=2.0,<3.0)",
            "torch>=2; python_version < '3.12'",
            "lib @ git+https://example.org/lib.git@main#subdirectory=py",
        ]
        [project.optional-dependencies]
        Plots = ["plotly~=6.0"]

        [tool.poetry.dependencies]
        requests = { allow-prereleases = true, source = "inner" }
        torch = { source = "inner" }
        lib = { git = "https://example.org/lib.git", develop = true }
        other = "^1"

        [[tool.poetry.source]]
        name = "inner"
        url = "https://example.org/simple"
        priority = "explicit"
        """,
        head="",
    )
    requests, torch, lib, plotly = project.dependencies
    assert (requests.specifier, requests.extras) == (">=2.0,<3.0", ("socks",))
    assert (requests.index, requests.prereleases) == ("inner", True)
    assert requests.address == Address(("project",), "dependencies", 0)
    assert [entry.address.key for entry in requests.enriched_by] == ["requests"]
    assert torch.marker == 'python_version < "3.12"'
    assert lib.location == Git("https://example.org/lib.git", rev="main", subdirectory="py")
    assert (plotly.optional, plotly.in_extras) == (True, ("plots",))
    assert plotly.address == Address(("project", "optional-dependencies"), "Plots", 0)
    assert project.extras == {"Plots": ("plotly",)}
    assert project.requires_python == ">=3.9, <4"
    assert project.style is Style.PROJECT
    assert rules(project) == [("poetry/ignored-dependency", 18)]


def test_entries_with_markers_enrich_without_being_folded() -> None:
    project = read(
        """
        [project]
        dependencies = ["torch"]
        [tool.poetry.dependencies]
        torch = [
            { version = "^2", platform = "linux", source = "a" },
            { version = "^2", platform = "darwin", source = "a" },
        ]
        [[tool.poetry.source]]
        name = "a"
        url = "https://example.org/a"
        """
    )
    (torch,) = project.dependencies
    assert (torch.index, torch.marker, len(torch.enriched_by)) == ("", "", 2)


def test_dynamic_dependencies_come_from_poetry() -> None:
    project = read(
        """
        [tool.poetry.dependencies]
        python = ">=3.9"
        a = "^1"
        b = { version = "^1", optional = true }
        [project]
        requires-python = ">=3.8"
        dynamic = ["dependencies"]
        [project.optional-dependencies]
        c = ["c>=1"]
        """
    )
    assert [d.name for d in project.dependencies] == ["c", "a"]
    assert (project.requires_python, project.python) == (">=3.8", ">=3.9")
    assert rules(project) == [("poetry/ignored-dependency", 8)]


def test_groups() -> None:
    project = read(
        """
        [tool.poetry.group.test.dependencies]
        python = "^3.9"
        pytest = "^8"
        [tool.poetry.group.docs]
        optional = true
        [tool.poetry.group.docs.dependencies]
        mkdocs = "*"
        [tool.poetry.group.all]
        include-groups = ["Test", "docs"]
        [tool.poetry.dev-dependencies]
        black = "^24"
        """
    )
    assert [(g.name, g.optional, g.includes) for g in project.groups] == [
        ("test", False, ()),
        ("docs", True, ()),
        ("all", False, ("Test", "docs")),
        ("dev", False, ()),
    ]
    assert [d.name for d in project.groups[0].dependencies] == ["pytest"]
    assert project.default_groups == ("test", "all", "dev")
    assert rules(project) == [("poetry/python-in-group", 6)]


def test_standard_groups() -> None:
    project = read(
        """
        [dependency-groups]
        test = ["pytest>=8", { include-group = "lint" }]
        lint = ["ruff"]
        dev = ["mypy"]
        [tool.poetry.group.test]
        optional = true
        [tool.poetry.group.test.dependencies]
        pytest = { allow-prereleases = true }
        [tool.poetry.dev-dependencies]
        mypy = { version = "*", source = "pypi" }
        """
    )
    test, lint, dev = project.groups
    assert (test.name, test.optional, test.includes) == ("test", True, ("lint",))
    assert test.dependencies[0].prereleases
    assert lint.dependencies[0].address == Address(("dependency-groups",), "lint", 0)
    assert dev.dependencies[0].index == "pypi"


def test_group_main_is_the_project_itself() -> None:
    project = read('[tool.poetry.group.main.dependencies]\npython = "^3.9"\na = "1"\n')
    assert [d.name for d in project.dependencies] == ["a"]
    assert project.groups == ()
    assert project.requires_python == ">=3.9,<4.0"


def test_sources() -> None:
    project = read(
        """
        [[tool.poetry.source]]
        name = "PyPI"
        priority = "Supplemental"
        [[tool.poetry.source]]
        name = "a"
        url = "https://example.org/a"
        default = true
        [[tool.poetry.source]]
        name = "b"
        url = "https://example.org/b"
        secondary = true
        [[tool.poetry.source]]
        name = "c"
        url = "https://example.org/c"
        """
    )
    assert [(s.name, s.priority) for s in project.sources] == [
        ("PyPI", Priority.SUPPLEMENTAL),
        ("a", Priority.DEFAULT),
        ("b", Priority.SECONDARY),
        ("c", Priority.PRIMARY),
    ]


def test_crlf_byte_order_mark_and_no_package() -> None:
    text = (
        '\ufeff[tool.poetry]\r\npackage-mode = false\r\n[tool.poetry.dependencies]\r\na = "*"\r\n'
    )
    project = read_project("pyproject.toml", text)
    assert (project.name, project.package_mode, project.requires_python) == ("", False, "")
    assert project.dependencies[0].specifier == ""


def test_notes() -> None:
    project = read(
        """
        [tool.poetry.dependencies]
        a = { version = "*", colour = "red" }
        b = "~1.2 || ^3"
        c = { git = "https://example.org/c", version = "1" }
        [tool.poetry.extras]
        e = ["missing"]
        """
    )
    assert rules(project) == [
        ("poetry/unknown-key", 6),
        ("poetry/constraint", 7),
        ("poetry/unused-version", 8),
        ("poetry/extra-without-dependency", 10),
    ]
