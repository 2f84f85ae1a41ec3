"""Writes the pages of some of the businesses: what they are is read from the standard input."""

import json
import sys
from pathlib import Path

from orchestration.publish.pages.writing import write_share

if __name__ == "__main__":
    share = json.load(sys.stdin)
    write_share(
        Path(share["marts_file"]), Path(share["folder"]), share["businesses"], share["locale"]
    )
