"""What a portal refuses, in its own words, and what a person is told of it."""

from dataclasses import dataclass

from orchestration.errors import ActionableError

_BLOCKED = "OPERATION_TIME_LIMIT"
_PASSING = frozenset(
    {_BLOCKED, "QUERY_LIMIT_EXCEEDED", "INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER"}
)
# What a webhook without the right, a portal without the module or an old one answers.
_NO_RIGHT = "insufficient_scope"
_NOT_TO_BE_HAD = frozenset({_NO_RIGHT, "ERROR_METHOD_NOT_FOUND"})
ADVICE = {
    "INVALID_CREDENTIALS": "the webhook is wrong or was revoked: make a new one in the portal",
    "NO_AUTH_FOUND": "the webhook is wrong or was revoked: make a new one in the portal",
    "expired_token": "the webhook has expired: make a new one in the portal",
    "insufficient_scope": "the webhook lacks a right: tick crm, imopenlines, user, booking in it",
    "ACCESS_DENIED": "the portal's plan or the webhook's user does not allow it",
    "OVERLOAD_LIMIT": "the portal has blocked REST for overload: ask Bitrix24's support",
    "PORTAL_DELETED": "the portal is deleted: take its webhook out of the environment",
}


@dataclass(frozen=True)
class Fault:
    """An error as the portal tells it: a code and a description."""

    code: str
    text: str

    def is_passing(self) -> bool:
        """Whether the same command may succeed later."""
        return self.code in _PASSING

    def is_refusal(self) -> bool:
        """Whether a right that can be ticked would help."""
        return self.code == _NO_RIGHT

    def is_missing_right(self) -> bool:
        """Whether the webhook's rights or the portal's plan do not give the method at all."""
        return self.code in _NOT_TO_BE_HAD

    def is_block(self) -> bool:
        """Whether the method has used up its time."""
        return self.code == _BLOCKED


class PortalError(ActionableError):
    """What the portal refused or could not do."""

    def __init__(self, sentence: str, fault: Fault | None = None) -> None:
        """Say `sentence`; `fault` is the portal's own word for it."""
        super().__init__(sentence)
        self.fault = fault or Fault("", "")


class PortalUnreachableError(PortalError):
    """The portal could not be asked in spite of many attempts; later it may well be."""
