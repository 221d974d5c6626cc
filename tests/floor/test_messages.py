"""What a kernel may hear, weighed as Jupyter would read it."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_binary_message,
)

from kefu.door.messages import V1, refusal
from tests.floor.frames import message, packed

CONTROL = {"target_name": "jupyter.widget.control", "comm_id": "a", "data": {}}
USUAL = [
    message("comm_open", CONTROL),
    message("comm_msg", {"comm_id": "a", "data": {"method": "request_states"}}),
    message("comm_close", {"comm_id": "a", "data": {}}),
    message("comm_info_request", {"target_name": "jupyter.widget"}),
    message("kernel_info_request", {}),
]


@pytest.mark.parametrize("usual", USUAL, ids=lambda sent: sent["header"]["msg_type"])
def test_what_a_page_says_is_heard(usual: dict[str, object]) -> None:
    """In all three shapes that Jupyter reads: JSON, JSON with buffers, and parts."""
    assert refusal(json.dumps(usual), None) is None
    assert refusal(serialize_binary_message({**usual, "buffers": [b"x", b""]}), None) is None
    assert refusal(packed(usual), V1) is None


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", None, 7])
def test_only_one_channel_is_open(channel: object) -> None:
    """What is harmless on one channel is refused on every other."""
    assert refusal(json.dumps(message("kernel_info_request", {}) | {"channel": channel}), None)


@given(st.binary(max_size=200) | st.text(max_size=200), st.sampled_from([None, V1]))
def test_noise_is_no_message(noise: bytes | str, protocol: str | None) -> None:
    """Whatever comes, it is refused, in one of two ways."""
    with suppress(ValueError, RecursionError):
        assert refusal(noise, protocol)


@given(
    st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 300), max_size=12),
    st.integers(0, 70),
    st.binary(max_size=60),
)
def test_jupyter_reads_what_was_weighed(offsets: list[int], count: int, noise: bytes) -> None:
    """A frame of parts that is let through means the same to Jupyter: its table cannot lie."""
    sent = packed(message("comm_msg", {"comm_id": "a"}))
    forged = b"".join(n.to_bytes(8, "little") for n in (count, *offsets)) + sent + noise
    try:
        if refusal(forged, V1) is not None:
            return
    except (ValueError, RecursionError):
        return
    channel, parts = deserialize_msg_from_ws_v1(forged)
    assert channel == "shell"
    assert json.loads(parts[0])["msg_type"] == "comm_msg"


@given(st.integers(0, 70), st.lists(st.integers(0, 2**32 - 1), max_size=8))
def test_jupyter_reads_the_json_that_was_weighed(count: int, offsets: list[int]) -> None:
    """So does a frame of JSON and buffers."""
    said = json.dumps(message("comm_msg", {"comm_id": "a"})).encode()
    forged = b"".join(n.to_bytes(4, "big") for n in (count, *offsets)) + said
    try:
        if refusal(forged, None) is not None:
            return
    except (ValueError, RecursionError):
        return
    assert deserialize_binary_message(forged)["header"]["msg_type"] == "comm_msg"
