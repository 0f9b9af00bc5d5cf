#!/usr/bin/env python3
"""Clients that ask a web server without a pause, each time on a new connection: load.py URL CLIENTS FILE

FILE always has the figures so far, in JSON: requests, failed, the first failures, and who answered how often. It ends
by SIGTERM.
"""
import collections
import http.client
import json
import os
import signal
import sys
import threading
import time
import urllib.request

url, clients, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
lock = threading.Lock()
stopping = threading.Event()
answers = collections.Counter()
failures = []


def ask():
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def client():
    while not stopping.is_set():
        try:
            name = ask()
            with lock:
                answers[name] += 1
        except (OSError, http.client.HTTPException) as error:
            with lock:
                failures.append(f"{time.strftime('%H:%M:%S')} {error!r}")
            time.sleep(0.05)


def write_figures():
    with lock:
        figures = {"requests": sum(answers.values()) + len(failures), "failed": len(failures),
                   "failures": failures[:5], "answers": answers}
        with open(file + ".new", "w") as out:
            json.dump(figures, out)
    os.rename(file + ".new", file)


signal.signal(signal.SIGTERM, lambda *_: stopping.set())
threads = [threading.Thread(target=client) for _ in range(clients)]
for thread in threads:
    thread.start()
while not stopping.wait(0.1):
    write_figures()
for thread in threads:
    thread.join()
write_figures()
