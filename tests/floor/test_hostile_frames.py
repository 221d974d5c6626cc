"""Hostile visitors at a socket's frames: what is no message, and whose kernel it is."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable

import pytest

from tests.floor.frames import BINARY, CLOSE, PING, TEXT, V1, Socket, message, packed
from tests.floor.visitors import Visitor, honest

LIMIT = 256 * 2**10
NO_KERNEL = "00000000-0000-4000-8000-000000000000"


def table(*numbers: int, size: int = 8) -> bytes:
    """Offsets as a binary frame begins with them."""
    order = "little" if size == 8 else "big"
    return b"".join((n % 2 ** (8 * size)).to_bytes(size, order) for n in numbers)


DEEP = b'{"header":' + b"[" * 100_000
NO_MESSAGE: list[tuple[str, bytes, str]] = [
    # The first protocol: JSON, or JSON behind a table of buffers.
    ("empty", b"", ""),
    ("no-json", b"hello", ""),
    ("a-list", b"[1, 2, 3]", ""),
    ("a-number", b"1e999", ""),
    ("no-header", b"{}", ""),
    ("header-null", b'{"header": null, "channel": "shell"}', ""),
    ("header-a-list", b'{"header": ["msg_type"], "channel": "shell"}', ""),
    ("type-a-list", b'{"header": {"msg_type": ["comm_msg"]}, "channel": "shell"}', ""),
    ("deep", DEEP, ""),
    ("long-number", b"9" * 200_000, ""),
    ("NaN", b"NaN", ""),
    # The binary one.
    ("v1-empty", b"", V1),
    ("v1-short", b"\x01", V1),
    ("v1-no-offsets", table(0), V1),
    ("v1-few-offsets", table(3, 32, 37, 40) + b"shell{}", V1),
    ("v1-endless-offsets", table(2**63) + b"x" * 100, V1),
    ("v1-all-offsets", table(-1) + b"x" * 100, V1),
    ("v1-many-offsets", table(10**6) + b"x" * 100, V1),
    ("v1-offsets-behind", table(6, 56, 61, 10**9, 10**9, 10**9, 10**9) + b"shell", V1),
    ("v1-offsets-falling", table(6, 61, 56, 40, 30, 20, 10) + b"shell" + b"{}" * 9, V1),
    ("v1-offsets-within", table(6, 0, 8, 16, 24, 32, 40) + b"shell" + b"{}" * 9, V1),
    ("v1-no-header", table(6, 56, 61, 61, 61, 61, 61) + b"shell", V1),
    ("v1-channel-no-text", table(6, 56, 58, 60, 60, 60, 60) + b"\xff\xfe{}", V1),
    ("v1-not-json", b"x" * 1000, V1),
]


def test_what_is_no_message_is_hung_up_on(page: Visitor) -> None:
    """Bytes that are no message close their socket with 1007, and leave a line in the log."""
    for name, sent, protocol in NO_MESSAGE:
        line = page.socket(protocol=protocol)
        line.frame(sent, BINARY if protocol else TEXT)
        assert line.closed() == 1007, name
    page.sieged.logged(f"refused {page.source} no message")


NO_BUFFERS = [
    table(2**31 - 1, size=4),
    table(-1, size=4),
    table(0, size=4),
    table(1, 10**9, size=4) + b"{}",
    table(2, 12, 4, size=4) + b"{}",
    table(65, *range(264, 264 + 65), size=4) + b"{}" * 99,
    b"\x00\x00",
]


def test_buffers_without_end_are_hung_up_on(page: Visitor) -> None:
    """A count of two thousand million buffers takes neither memory nor time: 1007."""
    for sent in NO_BUFFERS:
        line = page.socket()
        line.frame(sent, BINARY)
        assert line.closed() == 1007, sent[:12]


def test_the_wrong_sort_of_frame_is_hung_up_on(page: Visitor) -> None:
    """Text where binary was agreed on is no message."""
    line = page.socket(protocol=V1)
    line.frame(json.dumps(message("kernel_info_request", {})).encode(), TEXT)
    assert line.closed() == 1007


def _oversized(line: Socket) -> None:
    line.raw(struct.pack("!BBQ", 0x81, 0x80 | 127, LIMIT + 1) + bytes(4))


def _impossible(line: Socket) -> None:
    line.raw(struct.pack("!BBQ", 0x81, 0x80 | 127, 2**63 - 1) + bytes(4))


def _fragments(line: Socket) -> None:
    line.frame(b"x" * 1000, TEXT, fin=False)
    for _ in range(LIMIT // 1000 + 1):
        line.frame(b"x" * 1000, 0, fin=False)


def _bomb(line: Socket) -> None:
    press = zlib.compressobj(9, wbits=-15)
    small = press.compress(b'"' + b" " * 64 * 2**20) + press.flush(zlib.Z_SYNC_FLUSH)
    assert len(small) < LIMIT
    line.frame(small[:-4], TEXT, rsv=4)


def _a_little_over(line: Socket) -> None:
    press = zlib.compressobj(9, wbits=-15)
    small = press.compress(b" " * (LIMIT + 1)) + press.flush(zlib.Z_SYNC_FLUSH)
    line.frame(small[:-4], TEXT, rsv=4)


def test_a_message_of_more_than_256_kb_is_not_taken(page: Visitor) -> None:
    """In one frame, in fragments without end, or once it is inflated: 1009, or the line is cut."""
    for how in (_oversized, _impossible, _fragments, _bomb, _a_little_over):
        line = page.socket(deflate=True)
        how(line)
        assert line.closed() in (1009, None), how


def _invalid_utf8(line: Socket) -> None:
    line.frame(b"\xff\xfe\xfd", TEXT)


def _reserved_bits(line: Socket) -> None:
    line.frame(b"{}", TEXT, rsv=3)


def _compressed_unasked(line: Socket) -> None:
    line.frame(b"{}", TEXT, rsv=4)


def _unknown_opcode(line: Socket) -> None:
    line.frame(b"{}", 5)


def _continues_nothing(line: Socket) -> None:
    line.frame(b"{}", 0)


def _begins_twice(line: Socket) -> None:
    line.frame(b"{", TEXT, fin=False)
    line.frame(b"}", TEXT)


def _long_ping(line: Socket) -> None:
    line.frame(b"x" * 126, PING)


def _ping_in_parts(line: Socket) -> None:
    line.frame(b"x", PING, fin=False)


def _closes_oddly(line: Socket) -> None:
    line.frame(b"\x03", CLOSE)


def _no_frame(line: Socket) -> None:
    line.raw(b"GET / HTTP/1.1\r\n\r\n" * 100)


NO_FRAMES: list[Callable[[Socket], None]] = [
    _invalid_utf8, _reserved_bits, _compressed_unasked, _unknown_opcode, _continues_nothing,
    _begins_twice, _long_ping, _ping_in_parts, _closes_oddly, _no_frame,
]  # fmt: skip


def test_what_is_no_frame_is_cut(page: Visitor) -> None:
    """A frame that the protocol does not know ends its socket; the kernel lives on."""
    for how in NO_FRAMES:
        line = page.socket()
        how(line)
        line.closed()
    assert page.ask("GET", f"/kernels/{page.kernel}").status == 204


def test_an_unmasked_frame_gains_nothing(page: Visitor) -> None:
    """A frame without a mask is weighed like any other."""
    line = page.socket()
    line.frame(json.dumps(message("execute_request", {"code": "1"})).encode(), mask=False)
    line.frame(b"nonsense", mask=False)
    assert line.closed() == 1007


@pytest.mark.parametrize("opcode", [PING, 10, TEXT], ids=["pings", "pongs", "messages"])
def test_a_flood_on_a_socket_is_hung_up_on(page: Visitor, opcode: int) -> None:
    """Ten thousand messages, pings or pongs that nobody reads the answers of: the line is cut."""
    line = page.socket()
    one = json.dumps(message("kernel_info_request", {})).encode() if opcode == TEXT else b"x" * 125
    for _ in range(10_000):
        line.frame(one, opcode)
    assert line.closed() in (1008, None)
    page.sieged.logged(f"refused {page.source} too many messages")


def test_a_flood_of_empty_fragments_starves_nobody(page: Visitor) -> None:
    """Frames that hold nothing and never end are read beside the others' pages."""
    line = page.socket()
    line.frame(b"", TEXT, fin=False)
    nothing = struct.pack("!BB4x", 0, 0x80)
    for _ in range(20):
        line.raw(nothing * 10_000)
    honest(page.sieged)
    line.close()


def test_a_kernel_has_few_sockets(page: Visitor) -> None:
    """A fifth socket to one kernel is refused with 429; one that closes makes room."""
    lines = [page.socket() for _ in range(5)]
    assert [line.status for line in lines] == [101] * 4 + [429]
    page.sieged.logged(f"refused {page.source} too many sockets")
    for line in lines:
        line.close()


def test_a_thousand_parts_are_no_message(page: Visitor) -> None:
    """A binary frame may have a few buffers; the usual ones are heard."""
    line = page.socket(protocol=V1)
    line.frame(packed(message("kernel_info_request", {})), BINARY)
    assert line.states()
    line.frame(table(1000, *range(8008, 9008)) + b"x" * 9000, BINARY)
    assert line.closed() == 1007
