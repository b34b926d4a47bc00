"""OpenTelemetry: a span per job, off unless it is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ..configs import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


class Tracing(Frozen, ABC):
    """Where spans go."""

    KIND: str

    @abstractmethod
    def span(self, name: str) -> AbstractContextManager[None]:
        """Context that is one span."""


class Off(Tracing):
    """Nowhere."""

    KIND: Literal["Off"] = "Off"

    def span(self, name: str) -> AbstractContextManager[None]:  # noqa: ARG002
        """Context that does nothing."""
        return nullcontext()


class Otlp(Tracing):
    """A collector that takes OTLP over HTTP.

    Attributes:
        endpoint: address with its path, `http://localhost:4318/v1/traces`; null: the standard
            variables `OTEL_EXPORTER_OTLP_*` say it.
        service: name of this service in the traces.
        timeout: seconds that a collector out of reach may cost.
    """

    KIND: Literal["Otlp"] = "Otlp"
    endpoint: str | None = None
    service: str = __package__.partition(".")[0]
    timeout: Annotated[float, Field(gt=0)] = 5.0

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """Context that is a span; an exception marks it failed, and goes on."""
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor

        exporter = OTLPSpanExporter(self.endpoint, timeout=self.timeout)
        # A provider of our own: the global one belongs to MLflow.
        provider = TracerProvider(resource=Resource.create({"service.name": self.service}))
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        try:
            with provider.get_tracer(__name__).start_as_current_span(name):
                yield
        finally:
            provider.shutdown()


TracingKind = Annotated[Off | Otlp, Field(discriminator="KIND")]
