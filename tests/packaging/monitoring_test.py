#!/usr/bin/env python3
"""monitoring_test.py METRICS PROMETHEUS: what the dashboard and the alert rules ask for is there. METRICS is a file
with what /metrics of a converged agent says; PROMETHEUS the URL of a server that scrapes that agent, in a job
hcloud-agent, and has loaded the rules."""
import json
import pathlib
import re
import sys
import unittest
import urllib.parse
import urllib.request

METRICS, PROMETHEUS = sys.argv[1:]
PACKAGING = pathlib.Path(__file__).resolve().parents[2] / "packaging"
DASHBOARD = json.loads((PACKAGING / "grafana" / "hcloud-agent.json").read_text())
RULES = (PACKAGING / "prometheus" / "hcloud-agent.rules.yml").read_text()
METRIC = re.compile(r"\b(?:hcloud_agent|process)_\w+|\bup\b")
NONE_WHEN_WELL = {"Items that do not work", "Repairs by server"}
VARIABLES = {"$job": "hcloud-agent", "$instance": ".*", "$__rate_interval": "1m"}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def exported():
    names = re.findall(r"(?m)^# TYPE (\S+) ", pathlib.Path(METRICS).read_text())
    return set(names) | {"up"}  # Prometheus's own


def expressions():
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def ask(path, **parameters):
    url = f"{PROMETHEUS}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    with OPENER.open(url, timeout=300) as answer:
        return json.load(answer)["data"]


class Dashboard(unittest.TestCase):
    def test_every_metric_exists_and_is_shown(self):
        asked = {name for _, expression in expressions() for name in METRIC.findall(expression)}
        self.assertEqual(asked - exported(), set())
        self.assertEqual(exported() - asked, {"hcloud_agent_frozen", "hcloud_agent_problems"})

    def test_its_variables_are_filled_from_metrics_that_exist(self):
        queries = [v["query"] for v in DASHBOARD["templating"]["list"] if v["type"] == "query"]
        self.assertEqual(len(queries), 2)
        for query in queries:
            self.assertLessEqual(set(METRIC.findall(query)), exported())

    def test_every_query_is_answered(self):
        for title, expression in expressions():
            for name, value in VARIABLES.items():
                expression = expression.replace(name, value)
            with self.subTest(title, expression=expression):
                self.assertNotIn("$", expression)
                result = ask("query", query=expression)["result"]
                self.assertEqual(bool(result), title not in NONE_WHEN_WELL)

    def test_panels_say_what_they_show_and_do_not_overlap(self):
        panels = DASHBOARD["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        cells = set()
        for panel in panels:
            self.assertTrue(panel["description"].endswith("."), panel["title"])
            at = panel["gridPos"]
            own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(own & cells, panel["title"])
            self.assertLessEqual(at["x"] + at["w"], 24)
            cells |= own


class Rules(unittest.TestCase):
    def test_every_metric_exists(self):
        expressions = " ".join(re.findall(r"expr:((?:.|\n)*?)\n +(?:for|labels):", RULES))
        asked = set(METRIC.findall(expressions))
        self.assertGreaterEqual(len(asked), 10)
        self.assertEqual(asked - exported(), set())

    def test_prometheus_evaluates_all_and_none_fires_when_all_is_well(self):
        rules = ask("rules")["groups"][0]["rules"]
        self.assertEqual(len(rules), RULES.count("- alert: "))
        for rule in rules:
            self.assertEqual((rule["name"], rule["health"], rule["state"]), (rule["name"], "ok", "inactive"))


unittest.main(argv=sys.argv[:1])
