"""导出与比对的文字。"""

from __future__ import annotations

from datetime import date

from bot.domain.comparing import ComparisonFile
from bot.domain.exporting import StatusFile
from bot.plan.values import Deliverable
from storage.units import Unit

from .wording import full_name, short_name


def export_usage() -> str:
    """导出的写法。"""
    return (
        "请写导出什么，例如：\n/导出 进度（现在最该催的一项）\n/导出 进度 初审\n/导出 进度 季报 2017Q1\n"
        "/导出 比对（把别的系统导出的人数表发来，和学校报的比）"
    )


def status_sent(done: StatusFile, *, only_owing: bool) -> str:
    """文件随后发来。"""
    name = full_name(done.deliverable, done.period)
    what = f"还欠着的 {done.owing} 个单位" if only_owing else f"{done.units} 个单位，{done.owing} 个还欠着"
    contacts = "欠着的写有联系人和电话，请妥善保管，不要转发到群里。" if done.owing else ""
    return f"{done.root.name} {name}：{what}，文件发给你了。{contacts}"


def file_name(done: StatusFile, today: date, *, only_owing: bool) -> str:
    """文件名：岳阳县初审进度20170224.xlsx。"""
    kind = "未报名单" if only_owing else "进度"
    return f"{done.root.name}{short_name(done.deliverable, done.period)}{kind}{today:%Y%m%d}.xlsx"


def send_table(unit: Unit, item: Deliverable) -> str:
    """请他发表来。"""
    labels = "、".join(field.label for field in item.numbers)
    return (
        f"请把别的系统导出的表（.xlsx、.csv）发给我（10 分钟内有效），和{unit.name}{item.short}的数比对。\n"
        f"表里要有单位代码或名称，和人数（{labels}或教职工数）。"
    )


def compared(done: ComparisonFile) -> str:
    """比完了：先说差几个。"""
    result = done.result
    lines = [
        f"比完了：对上 {len(result.matched)} 个单位，数不同的 {len(result.differences)} 个。",
        f"没对上 {len(result.unmatched)} 行，对方表里没有的 {len(result.absent)} 个单位，明细在文件里。",
    ]
    return "\n".join(lines)


def comparison_name(done: ComparisonFile, today: date) -> str:
    """文件名：岳阳县初审比对20170224.xlsx。"""
    return f"{done.root.name}{done.deliverable.short}比对{today:%Y%m%d}.xlsx"
