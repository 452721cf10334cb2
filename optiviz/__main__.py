"""`python -m optiviz` and the command `optiviz`."""

import sys

from .cli.main import main

if __name__ == "__main__":
    sys.exit(main())
