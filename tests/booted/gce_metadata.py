#!/usr/bin/env python3
"""As much of Google's metadata service as its guest agent asks for: the whole tree, at once or as a long poll.

gce_metadata.py ADDRESS HOLD ROUNDS: a long poll is answered after as many seconds as the file HOLD says (Google's own
holds it for the 60 s that the agent asks for, if nothing changes), and then leaves one more byte in the file ROUNDS.
There is no project id, so the agent does not try to send its log to Google's cloud.
"""
import http.server
import json
import sys
import time
import urllib.parse

NICS = [
    ("96:00:00:00:00:2a", "203.0.113.10", ["203.0.113.87"]),
    ("86:00:00:2a:7d:e0", "10.0.0.2", ["10.0.0.13", "10.0.0.14"]),
    ("86:00:00:2a:7d:e1", "10.1.0.2", ["10.1.0.13"]),
]
TREE = json.dumps({
    "instance": {
        "attributes": {},
        "id": 42,
        "hostname": "web1",
        "networkInterfaces": [{"mac": mac, "ip": ip, "forwardedIps": forwarded, "ipAliases": [], "targetInstanceIps": []}
                              for mac, ip, forwarded in NICS],
        "virtualClock": {"driftToken": "0"},
    },
    "project": {"attributes": {}},
}).encode()


class Metadata(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        if "wait_for_change" in query and query.get("last_etag") == ["42"]:
            with open(sys.argv[2], encoding="ascii") as hold:
                time.sleep(float(hold.read()))
            with open(sys.argv[3], "ab") as rounds:
                rounds.write(b".")
        self.answer(200 if "recursive" in query else 404, TREE if "recursive" in query else b"")

    def do_PUT(self):  # guest attributes: where the agent publishes ssh host keys
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(200, b"")

    def answer(self, status, body):
        self.send_response(status)
        for name, value in (("Metadata-Flavor", "Google"), ("ETag", "42"), ("Content-Type", "application/json"),
                            ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer((sys.argv[1], 80), Metadata).serve_forever()
