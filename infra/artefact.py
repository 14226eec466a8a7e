"""Makes the zip that Lambda loads small and quick.

A zip from Chalice holds no bytecode and /var/task cannot be written, so every cold start would
compile everything anew. What is left out here is never read by our doors; a test imports the house
from the slim zip alone.
"""

import compileall
import re
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory
from typing import Final

CLIENTS: Final = frozenset({"dynamodb", "s3", "sesv2", "sns", "sqs"})
"""The services our doors speak to; botocore carries the models of four hundred."""

_LEFT_OUT: Final = re.compile(
    r"""
      [^/]+\.dist-info/(?!licenses/|LICEN[CS]E)   # what pip needs, not what runs
    | boto3/(data|examples)/                      # for resources; we make clients only
    | holidays/locale/(?!en_US/)                  # we say the names of holidays in English
    | babel/locale-data/(?!root\.|en\.|en_US\.)   # python-liquid loads it for filters on money
    """,
    re.VERBOSE,
)
_MODEL: Final = re.compile(r"botocore/data/(?P<service>[^/]+)/")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16


class UncompilableError(Exception):
    """Some file of the package is not Python of this version; its name was printed."""


def slim(package: Path) -> None:
    """Rewrite the zip `package` in place: without what is not read, with bytecode.

    The bytecode is of this interpreter, as the Lambda runtime that Chalice asks for is.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        with zipfile.ZipFile(package) as full:
            full.extractall(root, [name for name in full.namelist() if is_read(name)])
        if not compileall.compile_dir(
            root,
            quiet=1,
            stripdir=folder,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        ):
            raise UncompilableError(package)
        _pack(root, package)


def is_read(name: str) -> bool:
    """Say whether a file of the package is read while our doors run."""
    if _LEFT_OUT.match(name):
        return False
    model = _MODEL.match(name)
    return model is None or model["service"] in CLIENTS


def _pack(root: Path, package: Path) -> None:
    """Zip `root` so that equal contents give equal bytes."""
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as slimmed:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE
            slimmed.writestr(entry, path.read_bytes())
