"""The one kind of error a person is meant to read."""


class ActionableError(Exception):
    """One clear sentence that says what is wrong, where, and what to do.

    Raised for everything that the person who runs the pipeline can mend: a missing folder,
    a wrong key, a locked warehouse. The command line prints it without a traceback and exits 1.
    """
