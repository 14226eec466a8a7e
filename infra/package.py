"""Builds what CloudFormation deploys: one template and one zip, in `build/<stage>`.

Chalice writes the functions, roles and the API; `resources.yaml` is merged into that.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import yaml

from infra.artefact import slim

ROOT: Final = Path(__file__).parents[1]
TEMPLATE: Final = "template.json"
ZIP: Final = "deployment.zip"

# Chalice asks for a region though it calls nobody; the template names none.
_ANY_REGION: Final = "eu-west-1"


def package(stage: str, build: Path, *, root: Path = ROOT) -> Path:
    """Package the tree at `root` for `stage` into the folder `build`; return the template."""
    shutil.rmtree(build, ignore_errors=True)
    subprocess.run(
        [
            Path(sys.executable).with_name("chalice"),
            *("package", "--stage", stage),
            *("--merge-template", "infra/resources.yaml", "--template-format", "yaml"),
            build.resolve(),
        ],
        cwd=root,
        env={"AWS_DEFAULT_REGION": _ANY_REGION, **os.environ},
        stdout=sys.stderr,
        check=True,
    )
    return _finish(build)


def _finish(build: Path) -> Path:
    # Chalice's YAML shares equal parts by alias, which CloudFormation refuses; JSON has no aliases.
    merged = build / "sam.yaml"
    template = build / TEMPLATE
    template.write_text(json.dumps(yaml.safe_load(merged.read_text()), indent=2) + "\n")
    merged.unlink()
    slim(build / ZIP)
    return template


def main() -> None:
    """Package one stage and say where it lies."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--stage", default="dev", help="a stage of .chalice/config.json")
    stage: str = arguments.parse_args().stage
    if stage not in json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]:
        sys.exit(f"There is no stage {stage!r} in .chalice/config.json.")
    build = ROOT / "build" / stage
    template = package(stage, build)
    megabytes = (build / ZIP).stat().st_size / 1e6
    print(f"{template.relative_to(ROOT)} and {ZIP} ({megabytes:.1f} MB)")


if __name__ == "__main__":
    main()
