"""Prints template.yaml as CloudFormation gets it, without SAM's macro, and what it nests, as one JSON object by file."""
import json
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    def load(self):
        return {}


def read(name):
    with open(name, encoding="utf-8") as f:
        return yaml_parse(f.read())


main, out = read("template.yaml"), {}
for name, resource in main["Resources"].items():
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::Serverless::Function":
        # Where "sam package" would have put what "sam build" made.
        properties["CodeUri"] = "s3://" + sys.argv[1] + "/" + properties["CodeUri"].strip("/") + ".zip"
    elif resource["Type"] == "AWS::CloudFormation::Stack":
        out[properties["TemplateURL"]] = read(properties["TemplateURL"])
        properties["TemplateURL"] = "s3://" + sys.argv[1] + "/" + properties["TemplateURL"]
out["template.yaml"] = transform(main, {}, NoManagedPolicies())
json.dump(out, sys.stdout, default=str)
