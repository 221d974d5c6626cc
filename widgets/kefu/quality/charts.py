"""Control charts: is a change in the numbers more than chance brings about?

| data | chart |
|---|---|
| yes or no, samples of any size | `p_chart`; in items, samples of one size: `np_chart` |
| yes or no, thousands a sample, p limits too narrow | `laney_p_chart` |
| events, all stretches alike | `c_chart`; stretches of different size: `u_chart` |
| events, very many, u limits too narrow | `laney_u_chart` |
| measured, several values a row | `xbar_r` (up to about 10), `xbar_s` (any number) |
| measured, one value a row | `i_mr`; for small lasting shifts `ewma_chart` |

Two phases. First the limits are computed from the data themselves, or from the rows that
`baseline` names (rows known to be disturbed are left out of it); then they are frozen, either by
the same `baseline` with new rows added below, or by `standard`, or `center` and `sigma`.
Rows and points are counted from 0. A point on a limit is not outside. No chart answers NaN.
"""

from __future__ import annotations

from kefu.quality._attributes import c_chart, np_chart, p_chart, u_chart
from kefu.quality._chart import Baseline, Chart, Kind, Pair
from kefu.quality._ewma import ewma_chart
from kefu.quality._laney import laney_p_chart, laney_u_chart
from kefu.quality._variables import i_mr, xbar_r, xbar_s

__all__ = [
    "Baseline",
    "Chart",
    "Kind",
    "Pair",
    "c_chart",
    "ewma_chart",
    "i_mr",
    "laney_p_chart",
    "laney_u_chart",
    "np_chart",
    "p_chart",
    "u_chart",
    "xbar_r",
    "xbar_s",
]
