from __future__ import annotations

import ctypes
import os

from kefu.unseen import be_unseen

_GET_DUMPABLE = 3


def test_a_process_hides_from_its_own_user() -> None:
    """The kernel is told that nobody may look into the process; a fork of it inherits that."""
    child = os.fork()
    if not child:
        libc = ctypes.CDLL(None)
        before = libc.prctl(_GET_DUMPABLE, 0, 0, 0, 0)
        be_unseen()
        after = libc.prctl(_GET_DUMPABLE, 0, 0, 0, 0)
        os._exit(10 * before + after)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 10
