"""Run a command that must not outlive the process that started it, however that ends. Run as a script, by path.

    python -I -S bootstrap/tied.py PARENT_PID NICENESS COMMAND [ARGUMENT…]

On Linux the kernel kills the command when its parent dies (PR_SET_PDEATHSIG survives exec), so this script becomes
the command. Elsewhere it stays, watches its parent and ends the command. It imports nothing of the project: it is
in the way of every start.
"""

import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1
LOOK_AGAIN_AFTER = 0.3  # seconds


def become(parent: int, command: list[str]) -> None:
    """Linux: ask the kernel, then become the command."""
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)
    os.execv(command[0], command)


def watch(parent: int, command: list[str]) -> int:
    """Elsewhere: run the command until it ends, or until our parent is gone."""
    child = subprocess.Popen(command)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    while True:
        try:
            return child.wait(LOOK_AGAIN_AFTER)
        except subprocess.TimeoutExpired:
            if os.getppid() != parent:
                child.kill()
                return 1


if __name__ == "__main__":
    asked, wanted = int(sys.argv[1]), sys.argv[3:]
    os.nice(int(sys.argv[2]))
    if sys.platform == "linux":
        become(asked, wanted)
    sys.exit(watch(asked, wanted))
