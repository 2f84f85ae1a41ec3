"""`python -m orchestration.demo`: fill LANDING_DIR with the demo that ends before AS_OF."""

import sys

from orchestration.config import read_settings
from orchestration.demo.generating import write_demo
from orchestration.errors import ActionableError


def main() -> int:
    """Write the demo, say what was written; 1 with one clear sentence where it cannot be done."""
    try:
        settings = read_settings()
        truth = write_demo(settings.landing_dir, settings.as_of.date())
    except ActionableError as error:
        print(error, file=sys.stderr)
        return 1
    businesses = sorted({session.business_id for session in truth.sessions})
    print(
        f"Wrote {len(truth.sessions)} sessions and {len(truth.leads)} leads of "
        f"{', '.join(businesses)} to {settings.landing_dir}."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
