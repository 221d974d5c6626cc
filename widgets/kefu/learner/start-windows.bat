@echo off
chcp 65001 >nul
cd /d "%~dp0"
set PY=
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set PY=py -3
if not defined PY python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set PY=python
if not defined PY (
  echo 没有找到 Python 3.11 或更新的版本，请先从 python.org 安装。
  echo Python 3.11 or newer was not found. Please install it from python.org first.
  pause
  exit /b 1
)
if exist .venv\ready goto go
echo 第一次启动，正在准备，请稍等几分钟。
echo First start: getting ready, a few minutes please.
rem The second package makes the menus Chinese where the machine speaks Chinese.
%PY% -m venv .venv && .venv\Scripts\python -m pip install --quiet "jupyterlab>=4.4" jupyterlab-language-pack-zh-CN ".\@WHEEL@" && type nul > .venv\ready
if not exist .venv\ready (
  echo 没有准备好：请检查网络后再试一次。
  echo Not ready yet: please check the network and try again.
  pause
  exit /b 1
)
:go
.venv\Scripts\python -m kefu.late jupyterlab --ServerApp.root_dir=. --LabApp.news_url= --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate "@FIRST@"
