"""Who is told that a job ended. A message that cannot be sent never fails the job."""

from __future__ import annotations

import json
import logging
import urllib.request
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from http.client import HTTPException
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from ..configs import Frozen

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """What is told: `status` is `finished`, `refused` or `failed`."""

    job: str
    status: str
    run_id: str
    seconds: float
    detail: str = ""

    def text(self) -> str:
        """One line for a person."""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.job} {self.status} after {self.seconds:.0f} s (run {self.run_id}){detail}"


class Notifier(Frozen, ABC):
    """Somebody who is told."""

    KIND: str

    @abstractmethod
    def send(self, message: Message) -> None:
        """Tell that a job ended."""


class Silent(Notifier):
    """Nobody."""

    KIND: Literal["Silent"] = "Silent"

    def send(self, message: Message) -> None:
        """Tell nobody."""


class _Http(Notifier):
    url: SecretStr
    timeout: Annotated[float, Field(gt=0)] = 5.0

    @field_validator("url")
    @classmethod
    def _is_http(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("https://", "http://")):
            raise ValueError("must be an http(s) address")
        return url

    def _post(self, content: dict[str, object]) -> None:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self.url.get_secret_value(),
            data=json.dumps(content).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            urllib.request.urlopen(request, timeout=self.timeout).close()  # noqa: S310
        except (OSError, ValueError, HTTPException) as error:
            # Not the text of the error: that may hold the address.
            logger.warning("%s: message not sent: %s", self.KIND, type(error).__name__)


class Webhook(_Http):
    """An address that takes the message as JSON.

    Attributes:
        url: secret; write `${oc.env:WEBHOOK_URL}` rather than the address itself.
        timeout: seconds.
    """

    KIND: Literal["Webhook"] = "Webhook"

    def send(self, message: Message) -> None:
        """Post the message; what goes wrong is logged, without the address."""
        self._post(asdict(message))


class Slack(_Http):
    """An incoming webhook of Slack; attributes as those of `Webhook`."""

    KIND: Literal["Slack"] = "Slack"

    def send(self, message: Message) -> None:
        """Post one line of text; what goes wrong is logged, without the address."""
        self._post({"text": message.text()})


NotifierKind = Annotated[Silent | Slack | Webhook, Field(discriminator="KIND")]
