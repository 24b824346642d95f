"""How values travel to and from Temporal: as JSON, by pydantic, with its adapters built once per process.

The SDK makes a payload converter for every workflow instance. Its own would build the schemas of `TicketStart`, `Send`
and `Recorded` anew each time, some 20 ms a ticket; all of ours share one.
"""

from __future__ import annotations

from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

_JSON = PydanticJSONPlainPayloadConverter()


class TicketPayloadConverter(CompositePayloadConverter):
    """The SDK's converters, with JSON by the one shared pydantic converter."""

    def __init__(self) -> None:
        super().__init__(
            *(
                _JSON if isinstance(converter, JSONPlainPayloadConverter) else converter
                for converter in DefaultPayloadConverter.default_encoding_payload_converters
            )
        )


ticket_data_converter = DataConverter(payload_converter_class=TicketPayloadConverter)
"""What every client and worker of tickets uses."""
