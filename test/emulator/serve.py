"""The emulator as a child: it ends when its standard input does, so it does not outlive the tests, however they end."""

import os
import runpy
import signal
import sys
import threading

from ministack.services import eventbridge


def end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


# Its ECR announces no push, and events of AWS itself cannot be put. So that the tests can stand in for ECR, they may here.
eventbridge._put_events.__defaults__ = (True,)

threading.Thread(target=end_with_parent, daemon=True).start()
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
