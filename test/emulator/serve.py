"""The emulator as a child: it ends when its standard input does, so it does not outlive the tests, however they end.

What is changed in it makes up for what it lacks; the tests would fail without.
"""

import os
import runpy
import signal
import sys
import threading

from ministack.services import eventbridge, stepfunctions


def end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


# Its ECR announces no push, and events of AWS itself cannot be put. So that the tests can stand in for ECR, they may here.
eventbridge._put_events.__defaults__ = (True,)

execute_task = stepfunctions._execute_task


def execute_task_with_timeout(state, raw_input, execution, context):
    """TimeoutSeconds of a Task may be an expression (States Language specification, "Timeouts and heartbeats"); it takes numbers only."""
    if isinstance(state.get("TimeoutSeconds"), str):
        seconds = stepfunctions._jsonata_state_field(state, "TimeoutSeconds", "number", raw_input, context)
        state = {**state, "TimeoutSeconds": seconds}
    return execute_task(state, raw_input, execution, context)


stepfunctions._execute_task = execute_task_with_timeout

threading.Thread(target=end_with_parent, daemon=True).start()
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
