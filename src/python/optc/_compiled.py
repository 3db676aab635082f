"""Compiled rules, kept by what they are made from."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from optc._checking import check_input, failure
from optc._node import VERSION, run

_importing = threading.RLock()

_IMPORT = re.compile(r"""\bimport\b[^"'\n]*(?:\n[^"'\n]*)*?["']([^"'\n]+)["']""")


def _folder() -> Path:
    """Where compiled rules are kept: $OPTC_CACHE, or the user's cache folder."""
    own = os.environ.get("OPTC_CACHE")
    if own:
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "optc"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "optc"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "optc"


def _read(path: str | os.PathLike[str]) -> str:
    """A file's text. Bytes that are none are the compiler's to report."""
    return Path(path).read_text(encoding="utf-8", errors="replace")


def _texts(path: Path, text: str, seen: set[Path]) -> Iterator[bytes]:
    """A rule's text and those of the files it imports; the standard library comes with the version."""
    yield text.encode()
    for name in _IMPORT.findall(text):
        if not name.startswith("."):
            continue
        other = (path.parent / name).resolve()
        if other in seen:
            continue
        seen.add(other)
        if other.is_file():
            yield from _texts(other, _read(other), seen)


def _key(path: str, text: str | None, target: str) -> str:
    digest = hashlib.sha256(f"{VERSION}\n{target}\n".encode())
    # Where a text stands decides what it imports, and how its module begins.
    digest.update(f"{path}\n".encode())
    own = text
    if own is None and os.path.isfile(path):
        own = _read(path)
    if own is not None:
        place = Path.cwd() / "-" if path == "-" else Path(path).resolve()
        for each in _texts(place, own, {place}):
            digest.update(hashlib.sha256(each).digest())
    return digest.hexdigest()[:32]


def _write(path: Path, text: str) -> None:
    """Writes a file as a whole, so that other processes never read half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)


@functools.cache
def _own_folder() -> tempfile.TemporaryDirectory[str]:
    """Where this process keeps what it may not write into the cache; gone with it."""
    return tempfile.TemporaryDirectory(prefix="optc-")


def compiled(path: str, text: str | None, target: str) -> Path:
    """The file that a rule was compiled into, now or earlier.

    Raises:
        RuleError: If the rule has errors, or the target cannot express it.
        FileNotFoundError: If there is no such file.
        NodeError: If there is no Node that can run the compiler.
    """
    name = f"optc_{target}_{_key(path, text, target)}.py"
    kept = _folder() / VERSION / name
    own = Path(_own_folder().name) / name
    for known in (kept, own):
        if known.exists():
            return known
    told = run(["compile", path, "--target", target], text)
    if told.returncode != 0:
        if told.returncode == 1:
            # Where the rule has errors they are raised as data, too.
            check_input(path, text)
        raise failure(told, path)
    try:
        _write(kept, told.stdout)
    except OSError:
        _write(own, told.stdout)
        return own
    return kept


def imported(path: Path) -> ModuleType:
    """The module of a compiled file, made once a process."""
    # Another thread may be in the middle of it.
    with _importing:
        known = sys.modules.get(path.stem)
        if known is not None:
            return known
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Pickle and serialization look for classes by the names of their modules.
        sys.modules[path.stem] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[path.stem]
            raise
        return module
