"""`python -m syncd.daemon`: the service without the command line around it, so that it stays small."""

from __future__ import annotations

import sys

from syncd.daemon.journal import Journal, LogPriority
from syncd.daemon.loop import Daemon
from syncd.daemon.machine import Linux
from syncd.daemon.manager import ServiceManager
from syncd.daemon.state_file import AlreadyRunning, only_service
from syncd.daemon.webhook import WebhookListener
from syncd.durable import private_folder
from syncd.paths import PathError, locate


def main() -> int:
    """Run until asked to stop; return the exit code."""
    manager = ServiceManager()
    with Linux() as machine:
        journal = Journal.of_process(machine.wall)
        try:
            paths = locate()
            journal = Journal.of_process(machine.wall, paths.profile)
            private_folder(paths.state)
            with only_service(paths.state):
                listener = WebhookListener(paths, machine.report_news)
                try:
                    return Daemon(paths, machine, manager, journal, follow_webhook=listener.follow).run()
                finally:
                    listener.close()
        except PathError as error:
            refused, code = str(error), 2
        except AlreadyRunning as error:
            refused, code = f"another `syncd run` ({error}) is already using this state", 2
        except OSError as error:
            refused, code = f"{error.filename or 'the state folder'}: {error.strerror}", 1
        journal.say(refused, LogPriority.ERROR)
        manager.stopping(refused)
        return code


if __name__ == "__main__":
    sys.exit(main())
