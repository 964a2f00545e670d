"""The template of alarms: what cfn-lint says of it, its topic as moto deploys it, and its alarms, which moto does not
make of a template, as CloudWatch takes and gives them back.

Where SIDECAR_CLOUDWATCH is the URL of a CloudWatch that a sidecar puts its metrics to, what an alarm looks at is held
against what is there.
"""

import os
import pathlib
import subprocess
import sys
import unittest

import boto3
from cfnlint.decode import cfn_yaml
from moto.server import ThreadedMotoServer

TEMPLATE = pathlib.Path(__file__).parent.parent / "cloudwatch" / "alarms.yaml"
PARAMETERS = {"Mount": "genesys/", "Namespace": "Genesys/Vault", "Prefix": "genesys-vault"}
# What Micrometer adds to the name of a metric, and the unit that it puts it with.
UNITS = {".value": "None", ".count": "Count"}
PLAYED = {"region_name": "eu-central-1", "aws_access_key_id": "played", "aws_secret_access_key": "played"}


def resolved(node, references):
    """Returns a part of the template as CloudFormation would see it."""
    if isinstance(node, list):
        return [resolved(each, references) for each in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"Ref"}:
        return references[node["Ref"]]
    if set(node) == {"Fn::Sub"}:
        text = node["Fn::Sub"]
        for name, value in references.items():
            text = text.replace("${" + name + "}", value)
        return text
    return {str(name): resolved(each, references) for name, each in node.items()}


class CloudWatchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        cls.moto.start()
        cls.addClassCleanup(cls.moto.stop)
        host, port = cls.moto.get_host_and_port()
        cls.endpoint = f"http://{host}:{port}"
        cls.cloudformation = boto3.client("cloudformation", endpoint_url=cls.endpoint, **PLAYED)
        cls.cloudformation.create_stack(
            StackName="alarms",
            TemplateBody=TEMPLATE.read_text(),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()],
        )
        [cls.stack] = cls.cloudformation.describe_stacks(StackName="alarms")["Stacks"]
        topic = cls.stack["Outputs"][0]["OutputValue"]
        template = cfn_yaml.load(str(TEMPLATE))
        cls.alarms = [
            resolved(resource["Properties"], {**PARAMETERS, "Topic": topic})
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::CloudWatch::Alarm"
        ]

    @staticmethod
    def looked_at(alarm):
        """Returns what an alarm looks at: metric, statistic and unit of each."""
        for part in alarm.get("Metrics", []):
            if "MetricStat" in part:
                stat = part["MetricStat"]
                yield stat["Metric"], stat["Stat"], stat["Unit"]
        if "MetricName" in alarm:
            yield alarm, alarm["Statistic"], alarm["Unit"]

    def test_cfn_lint_finds_nothing(self):
        linted = subprocess.run(
            [sys.executable, "-c", "import cfnlint.runner; cfnlint.runner.main()", TEMPLATE],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((linted.returncode, linted.stdout, linted.stderr), (0, "", ""))

    def test_the_topic_is_deployed(self):
        self.assertEqual(self.stack["StackStatus"], "CREATE_COMPLETE")
        topics = boto3.client("sns", endpoint_url=self.endpoint, **PLAYED).list_topics()["Topics"]
        self.assertEqual([topic["TopicArn"].split(":")[-1] for topic in topics], ["genesys-vault-alarms"])

    def test_each_alarm_is_taken_and_found(self):
        cloudwatch = boto3.client("cloudwatch", endpoint_url=self.endpoint, **PLAYED)
        for alarm in self.alarms:
            cloudwatch.put_metric_alarm(**alarm)
        found = {
            alarm["AlarmName"]: alarm
            for page in cloudwatch.get_paginator("describe_alarms").paginate()
            for alarm in page["MetricAlarms"]
        }
        self.assertEqual(set(found), {alarm["AlarmName"] for alarm in self.alarms})
        for alarm in self.alarms:
            there = found[alarm["AlarmName"]]
            for member, value in alarm.items():
                if member != "Metrics":
                    self.assertEqual(there.get(member), value, alarm["AlarmName"])
        print(f"{len(found)} alarms")
        self.assertGreater(len(found), 25)

    def test_each_alarm_tells_the_topic_and_says_what_silence_means(self):
        silent = [alarm["AlarmName"] for alarm in self.alarms if alarm["TreatMissingData"] == "breaching"]
        self.assertEqual(silent, ["genesys-vault-session_not_open"])
        for alarm in self.alarms:
            self.assertEqual(len(alarm["AlarmActions"]), 1, alarm["AlarmName"])
            self.assertEqual(alarm["AlarmActions"], alarm["OKActions"])

    def test_names_and_units_are_those_of_micrometer(self):
        for alarm in self.alarms:
            for metric, statistic, unit in self.looked_at(alarm):
                suffix = "." + metric["MetricName"].split(".")[-1]
                self.assertEqual(UNITS[suffix], unit, alarm["AlarmName"])
                self.assertEqual("Sum" if suffix == ".count" else "Maximum", statistic, alarm["AlarmName"])

    @unittest.skipUnless("SIDECAR_CLOUDWATCH" in os.environ, "no sidecar puts its metrics anywhere")
    def test_what_each_alarm_looks_at_is_put_by_the_sidecar(self):
        cloudwatch = boto3.client("cloudwatch", endpoint_url=os.environ["SIDECAR_CLOUDWATCH"], **PLAYED)
        put = set()
        for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=PARAMETERS["Namespace"]):
            for metric in page["Metrics"]:
                dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}
                put.add((metric["MetricName"], frozenset(dimensions.items())))
                # What was counted zero times is not put: of a counter any one shows its dimensions.
                put.add((metric["MetricName"], frozenset(dimensions)))
        self.assertTrue(put)
        missing = []
        for alarm in self.alarms:
            for metric, _, _ in self.looked_at(alarm):
                dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}
                counted = metric["MetricName"].endswith(".count")
                if (metric["MetricName"], frozenset(dimensions if counted else dimensions.items())) not in put:
                    missing.append((metric["MetricName"], dimensions))
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
