# Needs: Python 3.11 or newer, make and git. POSIX sh. Everything else is brought by
# `make install` (into .venv) and, for the tests, by scripts/system-needs.
# Recipes use paths relative to this folder, so that the folder's own name may hold spaces.

.DEFAULT_GOAL := help
.PHONY: help install demo weave test soak gallery check format front-end bundle bench-player bench-grading bench-floor bench-quality hostile-table lock clean

# PORT is the first of the demonstration's three: make demo PORT=9000
DEMO = $(if $(filter-out 0,$(ONCE)),--once) $(if $(PORT),--port $(PORT))

help: ## 列出这些目标 / list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | \
	while IFS='|' read -r name what; do printf '  make %-12s  %s\n' "$$name" "$$what"; done

install: ## 在 .venv 里装好 kefu 命令 / put the kefu command into .venv
	@sh scripts/install

demo: install ## 安装并打开三扇门：学员、教师、一线；ONCE=1 只检查一遍 / install and open the three doors: learner, instructor, floor; ONCE=1 only checks them
	@PATH="$$PWD/.venv/bin:$$PATH" .venv/bin/kefu demo $(DEMO)

weave: install ## 用 content/ 重新生成课程与题目 / make course and exercises anew from content/
	@PATH="$$PWD/.venv/bin:$$PATH" .venv/bin/kefu weave
	@for set in solutions/*/; do \
		PATH="$$PWD/.venv/bin:$$PATH" .venv/bin/nbgrader generate_assignment "$$(basename "$$set")" || exit 1; \
	done

test: ## 装好测试所需并运行全部测试 / install what the tests need and run them all
	@sh scripts/system-needs
	@$(MAKE) --no-print-directory install
	@$(MAKE) --no-print-directory -j 2 front-end check
	@sh scripts/unhoused .venv/bin/python -m pytest -n 3 --dist loadfile $(PYTEST)

soak: install ## 全面检查：每种题的每个画面，两百处断电；写 docs/soak.md、docs/kills.md / look at every scene, kill at every point; writes docs/soak.md and docs/kills.md
	@sh scripts/system-needs
	@sh scripts/front-end deps
	@sh scripts/unhoused env KEFU_SOAK_REPORT=docs/soak.md KEFU_SOAK_KILLS=docs/kills.md .venv/bin/python -m pytest -m soak $(PYTEST)

gallery: install ## 重做题型画廊 docs/gallery.md 和图册 docs/plots.md / make the galleries of kinds and of plots anew
	@sh scripts/system-needs
	@sh scripts/unhoused .venv/bin/python -m tests.browser.gallery
	@sh scripts/unhoused .venv/bin/python -m tests.browser.workshop
	@sh scripts/unhoused .venv/bin/python -m tests.plots.gallery

check: install ## 代码规范与类型检查 / lints and types
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

format: install ## 自动整理代码格式 / tidy the code
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

front-end: install ## 前端的类型、测试与成品核对 / the front end's types, tests and bundle
	@sh scripts/front-end check

bundle: install ## 重新打包前端 / build the front-end bundle anew
	@sh scripts/front-end build

bench-player: install ## 与 RadioButtons、jupyterquiz 同场比大小和快慢，比值写入 README；DRY=1 不写 / weigh and time the player beside its peers, ratios into the README; DRY=1 writes nothing
	@.venv/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes -r benchmarks/requirements.txt
	@sh scripts/unhoused .venv/bin/python -m benchmarks.player $(if $(filter-out 0,$(DRY)),--dry) $(if $(ROUNDS),--rounds $(ROUNDS))

bench-grading: install ## 与 nbgrader、otter-grader 同场比批改快慢，比值写入 README；DRY=1 不写 / time grading beside nbgrader and otter-grader, ratios into the README; DRY=1 writes nothing
	@sh scripts/unhoused .venv/bin/python -m benchmarks.grading $(if $(filter-out 0,$(DRY)),--dry) $(if $(filter-out 0,$(FULL)),--full) $(if $(SIZES),--sizes $(SIZES)) $(if $(PEERS_TO),--peers-to $(PEERS_TO))

bench-floor: install ## 与 Voila、NiceGUI、Gradio、Panel、Streamlit 同场比一线页面，再来三百人，比值写入 README；DRY=1 不写 / time the floor page beside its peers and under a crowd, ratios into the README; DRY=1 writes nothing
	@sh scripts/unhoused .venv/bin/python -m benchmarks.floor $(if $(filter-out 0,$(DRY)),--dry) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(CROWDS),--crowds $(CROWDS))

bench-quality: install ## 质量函数与各自的参照同场比快慢，比值写入 README；DRY=1 不写 / time each function of kefu.quality beside its oracle, ratios into the README; DRY=1 writes nothing
	@sh scripts/unhoused .venv/bin/python -m benchmarks.quality $(if $(filter-out 0,$(DRY)),--dry) $(if $(ROWS),--rows $(ROWS))

hostile-table: install ## 把恶意交卷再给原样的 nbgrader 跑一遍，写 docs/hostile.md / try the hostile hand-ins on stock nbgrader too; writes docs/hostile.md
	@sh scripts/system-needs
	@sh scripts/unhoused .venv/bin/python -m tests.hostile.stock

lock: ## 更新 requirements.lock；UPGRADE=1 全部升级 / renew requirements.lock; UPGRADE=1 takes the newest of everything
	@UPGRADE='$(UPGRADE)' sh scripts/lock

clean: ## 删除 .venv、缓存与演示数据 / remove .venv, caches and the demonstration's data
	@rm -rf .venv .demo dist .mypy_cache .pytest_cache .ruff_cache .hypothesis widgets/frontend/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
