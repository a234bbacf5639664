"""Lets a browser's renderer processes, with all their threads, run for a sixth of the time: slow.py BROWSER_PID RATE

Chromium's own slowing-down of a processor reaches a page's main thread and none of its workers, where Pagefind and Material
search. Ends with its input.
"""
import os, select, signal, sys, time

root, rate = int(sys.argv[1]), float(sys.argv[2])
SLOT = 0.003


def renderers():
    parents, found = {}, []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = open(f"/proc/{pid}/stat").read()
            parents[int(pid)] = int(stat[stat.rindex(")") + 2 :].split()[1])
            if b"--type=renderer" in open(f"/proc/{pid}/cmdline", "rb").read():
                found.append(int(pid))
        except OSError:
            pass
    def below(pid):
        while pid in parents and pid != root:
            pid = parents[pid]
        return pid == root
    return [pid for pid in found if below(pid)]


def tell(pids, sign):
    for pid in pids:
        try:
            os.kill(pid, sign)
        except OSError:
            pass


pids, looked = renderers(), time.monotonic()
print("slow", flush=True)
try:
    while not select.select([sys.stdin], [], [], 0)[0]:
        tell(pids, signal.SIGSTOP)
        time.sleep(SLOT * (rate - 1))
        tell(pids, signal.SIGCONT)
        time.sleep(SLOT)
        if time.monotonic() - looked > 0.5:
            pids, looked = renderers(), time.monotonic()
finally:
    tell(pids, signal.SIGCONT)
