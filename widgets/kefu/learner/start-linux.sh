#!/bin/sh
# 打开课程 · open the course
cd "$(dirname "$0")" || exit 1
say() { printf '%s\n' "$@"; }
python=""
for name in python3.13 python3.12 python3.11 python3; do
  if command -v "$name" >/dev/null 2>&1 &&
     "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$name; break; fi
done
if [ -z "$python" ]; then
  say "没有找到 Python 3.11 或更新的版本，请先从 python.org 安装。" \
      "Python 3.11 or newer was not found. Please install it from python.org first."
  exit 1
fi
if [ ! -f .venv/ready ]; then
  say "第一次启动，正在准备，请稍等几分钟。" "First start: getting ready, a few minutes please."
  # The second package makes the menus Chinese where the machine speaks Chinese.
  "$python" -m venv .venv &&
    .venv/bin/python -m pip install --quiet "jupyterlab>=4.4" jupyterlab-language-pack-zh-CN \
      "./@WHEEL@" &&
    touch .venv/ready
fi
if [ ! -f .venv/ready ]; then
  say "没有准备好：请检查网络后再试一次。" "Not ready yet: please check the network and try again."
  exit 1
fi
# The folder is named, else Jupyter serves only the one the lesson lies in.
exec .venv/bin/python -m kefu.late jupyterlab --ServerApp.root_dir=. --LabApp.news_url= \
  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate "@FIRST@"
