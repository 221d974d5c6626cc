"""Figures of service quality in one house style, with words in 中文 or English.

Each module holds the plots of one subject; each function takes what `kefu.quality` found and
gives a `kefu.plots.house.Plot`: a figure, the sentence it supports, and a text for those who
cannot see it. A font for both languages comes with the package.
"""

from __future__ import annotations
