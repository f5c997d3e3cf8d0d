# 两个命令就够：make demo（装好并走一遍演示）、make test（装好并跑测试）。只需要 Python ≥ 3.11 和 make。
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python

.PHONY: demo run test test-full test-browser check lint format clean

demo: $(VENV)/.run
	$(RUN) -m bot demo

run: $(VENV)/.run
	$(RUN) -m bot run

# 只需要 Python 包
test: $(VENV)/.test
	$(RUN) -m pytest -m "not browser" -n 2 --dist loadfile

# 全部测试：make test 加上沙盒网页的；后者另外需要系统里的 Chromium（Debian/Ubuntu：apt-get install chromium fonts-noto-cjk）
test-full: test test-browser

test-browser: $(VENV)/.dev
	@$(RUN) -c "import os, shutil, sys; sys.exit(0 if os.environ.get('CHROMIUM') or shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome') else '缺 Chromium：Debian/Ubuntu 请执行 apt-get install chromium fonts-noto-cjk，或用环境变量 CHROMIUM 指明位置')"
	$(RUN) -m pytest -m browser

# 门禁：本地和 CI 用的是同一个（迁移与模型一致是测试之一）
check: lint test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# 依赖锁改了才重装；高一级的锁包含低一级的全部
$(VENV)/.run: requirements/run.txt | $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.test
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(VENV):
	@$(PYTHON) -c "import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else '需要 Python 3.11 至 3.13，可用 make PYTHON=python3.11 指定')"
	$(PYTHON) -m venv $(VENV)

# 重新锁定依赖（改了 pyproject.toml 之后）；锁里有版本和哈希，没有下载地址
.PHONY: lock
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group test -o requirements/test.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements/dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache
