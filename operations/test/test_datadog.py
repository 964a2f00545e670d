"""Datadog's own check against a sidecar that runs, with the configuration that is shipped, and the monitors against
what the check then submitted.

SIDECAR_METRICS is the URL of the sidecar's metrics.
"""

import json
import os
import pathlib
import re
import unittest

# The library warns those who write checks of tags that only who runs one may choose, as is done here.
os.environ["DDEV_SKIP_GENERIC_TAGS_CHECK"] = "true"

import yaml
from datadog_checks.base import OpenMetricsBaseCheckV2
from datadog_checks.base.stubs import aggregator

FOLDER = pathlib.Path(__file__).parent.parent / "datadog"
QUERIED = re.compile(r"genesys_vault\.[a-z_]+(?:\.[a-z_]+)?")
# What is in braces: {*}, {a:b}, {a IN (b,c) AND d IN (e)}, and the names alone of "by {f}".
BRACES = re.compile(r"\{([^}]*)\}")
FILTERED = re.compile(r"([a-z_]+)(?::| IN )")


class Check(OpenMetricsBaseCheckV2):
    """The Agent's check, by the name that it has there."""

    __NAMESPACE__ = ""


def shipped_instance():
    config = yaml.safe_load((FOLDER / "conf.yaml").read_text())
    [instance] = config["instances"]
    return {**instance, "openmetrics_endpoint": os.environ["SIDECAR_METRICS"]}


def tags_of(query):
    """Returns the names of the tags by which a query filters and groups."""
    tags = set()
    for braces in BRACES.findall(query):
        filtered = FILTERED.findall(braces)
        tags |= set(filtered or braces.split(","))
    return tags - {"*"}


def monitors():
    for name in ("alarms.json", "monitors.json"):
        yield from json.loads((FOLDER / name).read_text())


class DatadogTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        aggregator.reset()
        check = Check("openmetrics", {}, [shipped_instance()])
        # A counter is submitted from the second look on.
        for _ in range(2):
            error = check.run()
            if error:
                raise AssertionError(error)

    def tags(self, name):
        found = aggregator.metrics(name) + aggregator.histogram_bucket(name)
        return {tag.split(":", 1)[0] for metric in found for tag in metric.tags}

    def test_the_check_submits_what_the_sidecar_measures(self):
        for name in (
            "genesys_vault.session_open",
            "genesys_vault.requests.count",
            "genesys_vault.genesys_calls.count",
            "genesys_vault.build_info",
            "genesys_vault.jvm_memory_used_bytes",
            "genesys_vault.process_uptime_seconds",
        ):
            self.assertTrue(aggregator.metrics(name), name)
        self.assertTrue(aggregator.histogram_bucket("genesys_vault.request_duration_seconds"))
        self.assertIn("service:genesys-vault", aggregator.metrics("genesys_vault.session_open")[0].tags)
        self.assertIn("mount:genesys/", aggregator.metrics("genesys_vault.session_open")[0].tags)

    def test_the_check_says_that_the_sidecar_answers(self):
        checks = aggregator.service_checks("genesys_vault.openmetrics.health")
        self.assertEqual({check.status for check in checks}, {0})

    def test_every_metric_of_a_monitor_is_collected_and_submitted_with_its_tags(self):
        collected = set()
        for entry in shipped_instance()["metrics"]:
            collected |= set(entry.values()) if isinstance(entry, dict) else {entry}
        told = 0
        for monitor in monitors():
            query = monitor["query"]
            if monitor["type"] == "service check":
                self.assertIn('"genesys_vault.openmetrics.health"', query)
                continue
            names = set(QUERIED.findall(query))
            self.assertTrue(names, query)
            for name in names:
                self.assertIn(name.removeprefix("genesys_vault.").removesuffix(".count"), collected, query)
                self.assertTrue(aggregator.metrics(name), query)
                self.assertLessEqual(tags_of(query), self.tags(name), query)
            told += 1
        print(f"{told} monitors of {len(aggregator.metric_names)} metrics")
        self.assertGreater(told, 25)

    def test_monitors_have_what_the_api_wants(self):
        for monitor in monitors():
            self.assertLessEqual({"name", "type", "query", "message", "options"}, set(monitor))
            threshold = monitor["options"]["thresholds"]["critical"]
            if monitor["type"] == "query alert":
                self.assertEqual(float(monitor["query"].split()[-1]), float(threshold), monitor["query"])


if __name__ == "__main__":
    unittest.main()
