#!/usr/bin/env python3
"""What programs cost, for footprint.sh; runs in the machine that is measured, as root.

footprint.py size PACKAGE           installed sizes, in kB
footprint.py ready UNIT RUNS        restarts: from exec to READY, in ms
footprint.py start COMMAND...       a short-lived command: time, CPU, memory; medians of 15
footprint.py sample PID             memory in kB, CPU in seconds and wake-ups so far
footprint.py mappings PID           private memory by what is mapped
footprint.py table DIRECTORY        all of that, which is in WHAT.WHO there, side by side
"""
import collections
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed_by(packages):
    """Those and all that they depend on and that is installed, with sizes in kB."""
    options = [f"--no-{what}" for what in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")]
    names = set(re.findall(r"^(?:\w[^\s:]*)", output("apt-cache", "depends", "--recurse", *options, *packages), re.M))
    lines = output("dpkg-query", "-W", "-f", "${Package} ${Installed-Size} ${db:Status-Status}\n").splitlines()
    rows = [line.split() for line in lines]
    return {row[0]: int(row[1]) for row in rows if len(row) == 3 and row[2] == "installed" and row[0] in names}


def size(package):
    lines = output("dpkg-query", "-W", "-f", "${Package} ${Priority}\n").splitlines()
    base = needed_by([name for name, priority in map(str.split, lines) if priority in ("required", "important")])
    beyond = {name: kb for name, kb in needed_by([package]).items() if name not in base and name != package}
    binaries = [path for path in output("dpkg", "-L", package).split() if path.startswith("/usr/bin/")]
    return {"package": int(output("dpkg-query", "-W", "-f", "${Installed-Size}", package)),
            "binaries": sum(os.stat(path).st_size for path in binaries) // 1024,
            "dependencies": sum(beyond.values()), "names": sorted(beyond)}


def to_ready(unit):
    """Of the latest start, in ms."""
    shown = output("systemctl", "show", "-p", "ExecMainStartTimestampMonotonic,ActiveEnterTimestampMonotonic", unit)
    at = dict(line.split("=") for line in shown.split())
    return (int(at["ActiveEnterTimestampMonotonic"]) - int(at["ExecMainStartTimestampMonotonic"])) / 1000


def ready(unit, runs):
    times = []
    for _ in range(int(runs)):
        output("systemctl", "reset-failed", unit)
        output("systemctl", "restart", unit)
        times.append(to_ready(unit))
    return {"ms": statistics.median(times), "fastest": min(times)}


def run_once(command):
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit code {process.returncode}")
    return {"ms": (time.monotonic() - begin) * 1000, "cpu_ms": (usage.ru_utime + usage.ru_stime) * 1000, "rss": usage.ru_maxrss}


def start(*command):
    runs = [run_once(command) for _ in range(15)]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def cpu_seconds(pid):
    # The process's own clock (CPUCLOCK_SCHED, as clock_getcpuclockid(3) names it) is exact and knows of threads that have
    # ended; children that have been waited for are counted in ticks.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime((~pid << 3) | 2) + children


def wakeups(pid):
    texts = [path.read_text() for path in pathlib.Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M)[1]) for text in texts)


def sample(pid):
    pid = int(pid)
    rollup = dict(re.findall(r"^(\w+):\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M))
    clean, dirty = int(rollup["Private_Clean"]), int(rollup["Private_Dirty"])
    return {"at": time.monotonic(), "cpu": cpu_seconds(pid), "wakeups": wakeups(pid), "rss": int(rollup["Rss"]),
            "pss": int(rollup["Pss"]), "private": clean + dirty, "dirty": dirty}


def mappings(pid):
    private, dirty, name = collections.Counter(), collections.Counter(), ""
    for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if head := re.match(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)", line):
            name = os.path.basename(head[1]) or "anonymous"
        elif part := re.match(r"Private_(Clean|Dirty):\s+(\d+) kB", line):
            private[name] += int(part[2])
            dirty[name] += int(part[2]) if part[1] == "Dirty" else 0
    lines = [f"{kb:8} kB  (written to: {dirty[name]:5} kB)  {name}" for name, kb in private.most_common(10)]
    return "\n".join(lines)


def used(directory, phase, who):
    """Of a phase: seconds it took, CPU and wake-ups in it; and the memory at its end."""
    before, after = (json.loads((directory / f"{phase}-{end}.{who}").read_text()) for end in ("before", "after"))
    return after | {key: after[key] - before[key] for key in ("at", "cpu", "wakeups")}


def daemon(directory, who):
    read = lambda what: json.loads((directory / f"{what}.{who}").read_text())
    real, hour, alone = used(directory, "real", who), used(directory, "hour", who), read("alone")
    scale = 3600 / real["at"]
    return {
        "first start to READY, ms": read("first")["ms"],
        "restart to READY, ms (median of 7)": read("ready")["ms"],
        "    the fastest of these, ms": read("ready")["fastest"],
        "CPU an hour at its own pace, s": real["cpu"] * scale,
        "wake-ups an hour at its own pace": real["wakeups"] * scale,
        "CPU for an hour's rounds in a row, s": hour["cpu"],
        "wake-ups for an hour's rounds in a row": hour["wakeups"],
        "then resident (Rss), kB": hour["rss"],
        "then its share (Pss), kB": hour["pss"],
        "then private, kB": hour["private"],
        "    of that written to (cannot be dropped), kB": hour["dirty"],
        "private if no sshd shares libraries, kB": alone["private"],
    }


def sizes(directory, who):
    measured = json.loads((directory / f"size.{who}").read_text())
    return {"package, installed, kB": measured["package"], "    of that executables, kB": measured["binaries"],
            "dependencies beyond the base system, kB": measured["dependencies"]}


def started(directory, who):
    measured = json.loads((directory / f"start.{who}").read_text())
    return {"--help: time, ms (median)": measured["ms"], "--help: CPU, ms (median)": measured["cpu_ms"],
            "--help: resident, kB (median)": measured["rss"]}


def table(directory):
    directory = pathlib.Path(directory)
    columns = {"ours": sizes(directory, "ours") | daemon(directory, "ours") | started(directory, "ours"),
               "google": sizes(directory, "google") | daemon(directory, "google"),
               "cli": sizes(directory, "cli") | started(directory, "cli")}
    cell = lambda column, row: f"{column[row]:,.{2 if 'CPU' in row else 0}f}" if row in column else "-"
    lines = [f"{'':48}{'hcloud-agent':>14}{'google-guest-agent':>20}{'hcloud (CLI)':>14}"]
    for row in columns["ours"]:
        ours, google, cli = (cell(columns[who], row) for who in ("ours", "google", "cli"))
        lines.append(f"{row:48}{ours:>14}{google:>20}{cli:>14}")
    ours, google = columns["ours"], columns["google"]
    for row in ("then private, kB", "CPU an hour at its own pace, s", "CPU for an hour's rounds in a row, s"):
        lines.append(f"ours / theirs: {row.split(',')[0]}: {ours[row] / google[row]:.2f}")
    return "\n".join(lines)


ACTIONS = {"size": size, "ready": ready, "start": start, "sample": sample, "mappings": mappings, "table": table,
           "first": lambda unit: {"ms": to_ready(unit)}}
result = ACTIONS[sys.argv[1]](*sys.argv[2:])
print(result if isinstance(result, str) else json.dumps(result))
