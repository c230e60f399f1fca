"""Reads an experiment's question from its file without running it, so that `lab list` stays instant.

An experiment may import anything, and to list it takes its question alone. This reads only files of
whose loading nothing unexpected can come: imports of what is installed, definitions, assignments, and an
`experiment` whose question and grid are written out. Every other file has to be loaded, and then says
what its fault is, if it has one.
"""

import ast
from importlib.util import find_spec
from pathlib import Path

PLAIN = (ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def question(path: Path) -> str:
    """Return the question of the experiment in a file; empty where only loading the file can tell."""
    try:
        statements = ast.parse(path.read_bytes()).body
    except (SyntaxError, ValueError):
        return ""
    if ast.get_docstring(ast.Module(statements, [])) is not None:
        statements = statements[1:]
    if not all(isinstance(each, PLAIN) and importable(each) for each in statements):
        return ""
    assigned = [
        each.value for each in statements if isinstance(each, ast.Assign) and names(each, "experiment")
    ]
    return asked(assigned[-1]) if assigned else ""


def importable(statement: ast.stmt) -> bool:
    """Return whether the packages that a statement imports, if it is an import, are there."""
    if isinstance(statement, ast.Import):
        modules = [alias.name for alias in statement.names]
    elif isinstance(statement, ast.ImportFrom):
        modules = [statement.module or ""]
    else:
        return True
    return all(module and find_spec(module.partition(".")[0]) for module in modules)


def names(assignment: ast.Assign, name: str) -> bool:
    """Return whether an assignment is to this name."""
    return any(isinstance(target, ast.Name) and target.id == name for target in assignment.targets)


def asked(value: ast.expr) -> str:
    """Return the question in `Experiment(question="...", grid={...: ...}, ...)`; empty in anything else."""
    if not isinstance(value, ast.Call):
        return ""
    written = {keyword.arg: keyword.value for keyword in value.keywords}
    text, grid = written.get("question"), written.get("grid")
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return ""
    filled = isinstance(grid, ast.Dict) and grid.keys and all(not empty(each) for each in grid.values)
    return text.value if filled else ""


def empty(value: ast.expr) -> bool:
    """Return whether an axis is written out without values."""
    return isinstance(value, ast.List | ast.Tuple) and not value.elts
