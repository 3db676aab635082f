"""The command line: `python -m optc check rule.opt`."""

import os
import subprocess
import sys

from optc._node import NodeError, command, environment


def main() -> None:
    """Runs `optc` with the arguments of this process and exits as it does."""
    try:
        line = [*command(), *sys.argv[1:]]
    except NodeError as error:
        sys.exit(f"optc: {error}")
    if os.name == "posix":
        os.execve(line[0], line, environment())
    sys.exit(subprocess.run(line, check=False, env=environment()).returncode)


if __name__ == "__main__":
    main()
