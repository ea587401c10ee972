"""Translates SAM templates to plain CloudFormation, as AWS does when it deploys them, but offline.

    translate.py SOURCE TARGET [SOURCE TARGET ...]

A source that cannot be translated leaves no target; the reason is printed, and the others go on.
"""

import json
import logging
import os
import pathlib
import sys

# The translation looks up the partition of a region, nothing else.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# It counts what it does for a service that is not there, and complains that nobody asked.
logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)


class ManagedPolicies:
    """Names of AWS's policies to their ARNs: none, because every function has a role of its own."""

    def load(self):
        return {}


def translate(source: pathlib.Path, target: pathlib.Path) -> None:
    template = yaml_parse(source.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # Uploading puts the bucket here; the translation only wants to see one.
            name = pathlib.Path(resource["Properties"]["CodeUri"]).parent.name
            resource["Properties"]["CodeUri"] = {"Bucket": "code", "Key": f"{name}.zip"}
    plain = transform(template, {}, ManagedPolicies())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(plain, indent=1) + "\n")


def main(paths: list[str]) -> int:
    failed = 0
    for source, target in zip(map(pathlib.Path, paths[::2]), map(pathlib.Path, paths[1::2])):
        target.unlink(missing_ok=True)
        try:
            translate(source, target)
        except InvalidDocumentException as error:
            failed += 1
            reasons = "; ".join(cause.message for cause in error.causes)
            print(f"{source}: {error.message} {reasons}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
