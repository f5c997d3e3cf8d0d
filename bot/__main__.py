"""命令行：python -m bot …。这里只认参数、打印结果，做事的在别处。"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bot.domain.clock import SHANGHAI
from bot.domain.errors import Problems, Refusal

BAD_INPUT = 2


def stop(*problems: str) -> None:
    """一行一个问题，退出码 2。"""
    for problem in problems:
        click.echo(problem, err=True)
    raise SystemExit(BAD_INPUT)


def explained(function: Callable[..., Any]) -> Callable[..., Any]:
    """把各层的拒绝变成一行中文和退出码 2，不露出追踪信息。"""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        from bot.plan.reader import PlanError
        from bot.server import StartError
        from bot.settings import SettingsError
        from faq.batch import BatchError
        from storage.cipher import KeyringError
        from storage.database import DatabaseError

        try:
            function(*args, **kwargs)
        except (SettingsError, PlanError, Problems) as error:
            stop(*error.problems)
        except (Refusal, StartError, KeyringError, DatabaseError, BatchError) as error:
            stop(str(error))
        except UnicodeDecodeError:
            stop("文件不是 UTF-8 编码，请另存为 UTF-8 再试")
        except OSError as error:
            stop(f"文件或地址打不开：{error.filename or error.strerror or type(error).__name__}")

    return run


def complete(work: Coroutine[Any, Any, Any]) -> Any:
    """跑一段异步的活。"""
    return asyncio.run(work)


class Day(click.ParamType):
    """2017-02-20 这样的日期。"""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """文字 → 日期。"""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            return self.fail(f"“{value}”不是日期，请写成 2017-02-20", param, ctx)


class Moment(click.ParamType):
    """2017-02-20T08:00 这样的时刻，不写时区就是北京时间。"""

    name = "时刻"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """文字 → 带时区的时刻。"""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return self.fail(f"“{value}”不是时刻，请写成 2017-02-20T08:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


@click.group(help="岳阳市全国教师管理信息系统 QQ 工作群助手")
def main() -> None:
    """命令行入口。"""


@main.command(help="演示：一次性的数据、模拟的 QQ 群和时钟，先走一遍全程，再打开网页")
@click.option("--once", is_flag=True, help="走完就退出")
@click.option("--port", default=8080, show_default=True, help="网页端口")
@explained
def demo(once: bool, port: int) -> None:
    """演示。"""
    from bot.demo import run_demo

    complete(run_demo(once=once or not sys.stdout.isatty(), port=port))


@main.command(help="正式运行；QQ 客户端连 ws://HOST:PORT/onebot/v11/ws")
@click.option("--clock", type=Moment(), help="从这一刻开始的模拟时钟（只在 ENVIRONMENT=test 时）")
@explained
def run(clock: datetime | None) -> None:
    """正式运行。"""
    from bot.running import run_until_stopped
    from bot.settings import check_for_running, load_settings

    settings = load_settings()
    check_for_running(settings, simulated_clock=clock is not None)
    complete(run_until_stopped(settings, clock))


@main.command(help="不连 QQ 直接问")
@click.option("--json", "as_json", is_flag=True, help="按机器格式输出")
@click.option("--overheard", is_flag=True, help="当作群里没有 @ 机器人")
@click.option("--at", type=Day(), help="当作这一天问的")
@click.option("--unit", help="提问人的单位代码")
@click.option("--role", help="提问人的角色，如 info_admin")
@click.option("--batch", type=click.Path(path_type=Path), help="一行一问的 JSONL 文件，- 表示标准输入")
@click.argument("text", nargs=-1)
@explained
def ask(
    as_json: bool,
    overheard: bool,
    at: date | None,
    unit: str | None,
    role: str | None,
    batch: Path | None,
    text: tuple[str, ...],
) -> None:
    """不连 QQ 直接问。"""
    from bot.offline import answer_batch, answer_one, asked_by

    situation = complete(asked_by(unit, role, at))
    if batch is not None:
        source = sys.stdin.read() if str(batch) == "-" else batch.read_text("utf-8-sig")
        for record in answer_batch(source, overheard=overheard, situation=situation):
            click.echo(json.dumps(record, ensure_ascii=False))
        return
    if not text:
        stop("请写问题，例如：python -m bot ask 怎么重置密码；成批问用 --batch 文件")
    record, shown = answer_one(" ".join(text), overheard=overheard, situation=situation)
    click.echo(json.dumps(record, ensure_ascii=False) if as_json else shown)


@main.group(help="名册")
def roster() -> None:
    """名册。"""


@roster.command("sample", help="写一份样例名册（2,234 个单位）")
@click.argument("file", type=click.Path(path_type=Path))
@explained
def roster_sample(file: Path) -> None:
    """样例名册。"""
    from bot.offline import write_sample_roster

    click.echo(f"已写好样例名册：{file}，{write_sample_roster(file)} 个单位（不是真实学校名单）")


@roster.command("import", help="导入名册（.xlsx 或 .csv），有一处不对就一行不改")
@click.argument("file", type=click.Path(path_type=Path))
@explained
def roster_import(file: Path) -> None:
    """导入名册。"""
    from bot.offline import import_roster

    counts = complete(import_roster(file))
    parts = "、".join(f"{kind.label} {number}" for kind, number in counts.items())
    click.echo(f"已导入 {sum(counts.values())} 个单位：{parts}")


@roster.command("export", help="导出名册（.xlsx 或 .csv）")
@click.argument("file", type=click.Path(path_type=Path))
@explained
def roster_export(file: Path) -> None:
    """导出名册。"""
    from bot.offline import export_roster

    click.echo(f"已导出 {complete(export_roster(file))} 个单位：{file}")


@main.command(help="发一张邀请码：第一位市级管理员由此登记")
@click.option("--unit", required=True, help="单位代码或名称")
@click.option("--role", required=True, help="角色，如 info_admin 或 信息管理员")
@click.option("--force", is_flag=True, help="已有市级管理员在任时也发（会记入日志）")
@explained
def invite(unit: str, role: str, force: bool) -> None:
    """发邀请码。"""
    from bot.offline import issue_invite

    issued = complete(issue_invite(unit, role, force=force))
    click.echo(issued.code)
    until = issued.expires_at.astimezone(SHANGHAI)
    click.echo(
        f"{issued.unit.name} {issued.role.label}，{until:%Y-%m-%d %H:%M} 前有效，用一次作废。", err=True
    )
    click.echo(f"请本人加机器人为好友后私聊发：/注册 {issued.code} 姓名 手机号", err=True)


@main.group(help="工作方案文件")
def plan() -> None:
    """工作方案。"""


@plan.command("check", help="核对方案文件")
@click.argument("file", type=click.Path(path_type=Path))
@explained
def plan_check(file: Path) -> None:
    """核对方案。"""
    from bot.plan.reader import load_plan

    checked = load_plan(file)
    click.echo(f"方案没有问题：{checked.name}，{len(checked.deliverables)} 项任务")


@plan.command("show", help="看现在用的方案")
@explained
def plan_show() -> None:
    """看方案。"""
    from bot.assembly import read_plan
    from bot.plan.description import describe_plan
    from bot.settings import load_settings

    click.echo(describe_plan(read_plan(load_settings())))


@main.group(help="提醒")
def reminders() -> None:
    """提醒。"""


@reminders.command("preview", help="这段日子会发出的每一条提醒：给谁、为什么")
@click.option("--from", "start", type=Day(), required=True, help="从哪天")
@click.option("--to", "end", type=Day(), required=True, help="到哪天（含）")
@click.option("--json", "as_json", is_flag=True, help="按机器格式输出")
@explained
def reminders_preview(start: date, end: date, as_json: bool) -> None:
    """预览提醒。"""
    from bot.offline import preview_reminders, reminders_text

    if end < start:
        stop("--to 比 --from 还早，请把先后写对")
    records = complete(preview_reminders(start, end))
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        click.echo(reminders_text(records))


@main.group(help="操作日志")
def audit() -> None:
    """操作日志。"""


@audit.command("verify", help="核对操作日志有没有被改动过")
@explained
def audit_verify() -> None:
    """核对日志链。"""
    from bot.offline import verify_audit

    broken = complete(verify_audit())
    if broken is not None:
        stop(f"操作日志从第 {broken} 行起对不上，可能被改动、删除或调换过")
    click.echo("操作日志完整，没有改动过")


if __name__ == "__main__":
    main(prog_name="python -m bot")
