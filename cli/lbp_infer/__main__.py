"""`python -m lbp_infer`."""

import sys

from lbp_infer.main import main

if __name__ == "__main__":
    sys.exit(main())
