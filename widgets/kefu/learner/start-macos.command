#!/bin/sh
# 打开课程 · open the course
exec sh "$(dirname "$0")/start-linux.sh"
