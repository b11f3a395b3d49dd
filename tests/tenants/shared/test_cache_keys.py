"""What a process keeps of a hall is kept under that hall's name: read from the code, for each process has a memory of its own."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# a hall's key alone could be another's after a renaming: with its generation, or its role, or a scope's role
NAMES_A_HALL = ("hall.role", "hall.key", "entered.role", "here().role")
# what is the city's, or everybody's: the same under every host
SHARED = {
    "portal:bundled", "portal:counts", "portal:figures", "tenants:towns", "city", "halls", "themes", "bundles", "looks", "looks made",
    "target", "channels down", "cases:city:retention", "search-fillers",
}  # fmt: skip


def keys():
    """Yield (file, line, function, key as written) of each call that keeps something in memory."""
    for folder in ("platform", "tenants", "catalog", "cases", "theming"):
        for file in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for function in ast.walk(tree):
                if not isinstance(function, ast.FunctionDef):
                    continue
                named = {
                    target.id: ast.unparse(node.value)
                    for node in ast.walk(function)
                    if isinstance(node, ast.Assign)
                    for target in node.targets
                    if isinstance(target, ast.Name)
                }
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and node.args and _keeps(node.func):
                        key = ast.unparse(node.args[0])
                        yield file.relative_to(ROOT), function.name, named.get(key, key)


def _keeps(called):
    if isinstance(called, ast.Name):
        return called.id == "kept"
    return (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id == "cache"
        and called.attr in {"get", "set", "add", "get_or_set", "incr"}
    )


def test_what_is_kept_of_a_hall_names_the_hall():
    found = list(keys())
    assert len(found) > 15
    for file, function, key in found:
        # a host belongs to one hall at a time and is asked anew after five seconds; a digest is of the content itself
        is_shared = key.strip("'\"") in SHARED or "{host}" in key or "{sha256}" in key
        assert is_shared or any(name in key for name in NAMES_A_HALL), f"{file}, {function}: {key}"
