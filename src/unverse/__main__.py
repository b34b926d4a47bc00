"""`python -m unverse`."""

import sys

from unverse.cli import main

sys.exit(main())
