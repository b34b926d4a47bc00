"""Run the package: `python -m bikes`."""

import sys

from bikes import scripts

if __name__ == "__main__":
    sys.exit(scripts.main())
