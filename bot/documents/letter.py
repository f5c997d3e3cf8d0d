"""附件1《全国教师管理信息系统人员责任书》：职责全文照方案原文，落款可先填单位和各管理员姓名。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.documents.plain_text import chinese_date
from bot.documents.word_layout import HEI, blank_page, number_pages, to_bytes, write_line

TITLE = "全国教师管理信息系统人员责任书"
OPENING = (
    "为保障全国教师管理信息系统的良好安全运行，确保信息采集及时，能准确、完整地反映中小学（幼儿园）在校教职工情况，"
    "实行“谁填报谁负责，谁审核谁负责”的信息采集责任制。现根据全国教师信息管理系统的分工情况，明确各管理员相应职责如下："
)
# 小标题与各条，文字照附件1，原文的用字不改
DUTIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "一、系统管理员",
        (
            "1.帐号专人保管使用。严格按照要求，为符合采集范围教职工建立自助子系统帐号。",
            "2.创建帐号时收集的基本信息必须准确无误，保证教师自助帐号与本校教职工信息一致。",
            "3.指导教师登录自己帐号按要求修改密码，并强调密码重要性，须牢记且不得向他人泄漏。",
            "4.根据教师申请，做好本校教师的密码重置工作，不得随意或者恶意重置。",
        ),
    ),
    (
        "二、信息管理员",
        (
            "1.负责保管信息管理员帐号，不得随意或恶意泄漏给他人，一旦因账号泄露造成教师信息泄露造成的损失，"
            "责任由信息管理员承担。",
            "2.培训在职教师填写教师自助系统，强调信息务必真实准确填写。",
            "3.信息管理员对录入数据的真实性、及时性和完整性负责。收集年度考核、薪资待遇、师德等信息时，"
            "必须准确无误才能批量导入。",
            "4.在审核教师所填信息，需与毕业证、学历学位证、教师资格证、职称证、获奖原件等证明核实，确保准确无误。"
            "同时让本校教师统一在承诺书签名保存。",
            "5.遇新教师或其他教职工录入人员，必须及时通知教师在承诺书上签名，并指导督促新教师填写信息。",
            "6.不得随意或恶意修改教师提供的真实信息，如因随意修改导致今后教师数据出现问题，由信息管理员承担全部责任。",
            "7.不得随意将教师信息数据打印或者发给相关部门，或在网络渠道传播。一经发现，追究信息管理员的相关责任，"
            "并计入当年的工作考核。",
        ),
    ),
    (
        "三、信息查询员",
        (
            "1.帐号专人保管使用，做好信息的保密工作。",
            "2.查询数据仅供于教育部门提供相关填表数据使用，不得随意导出、发布在任何网络、论坛、微信、QQ、公众号等各渠道。",
            "3.非公安机关调档函提供外，不得将教师相关的个人信息公布或者提供给他人。一旦因信息查询员泄漏信息造成"
            "不必要的损失，责任由信息查阅员承担。",
        ),
    ),
    (
        "四、培训管理员",
        (
            "1.帐号专人保管使用。",
            "2.负责更新校级培训的教师培训记录，不得随意或者恶意增加培训记录。",
        ),
    ),
    (
        "五、其他",
        (
            "1.信息系统数据仅用于教育行政部门的业务管理，不得用作其他用途。未经教育行政部门授权，任何人不得更改或查询"
            "及向其他部门和个人提供教师相关信息。",
            "2.各帐号务必专人负责，登陆的用户名和密码不得给他人使用，密码必须保证一定的安全等级，并定期修改。",
            "3.本责任书一式两份。学校存档一份，向上一级教育行政主管部门报备一份。",
        ),
    ),
)
PLEDGE = (
    "已仔细阅读《全国教师信息管理信息系统责任书》的全部内容，充分知晓本人在全国教师信息管理系统运行中的职责，"
    "并已接受移交人或者相关部门的相关培训，完全有能力按相关操作规程和本责任书要求进行数据录入、维护和管理。"
)


@dataclass(frozen=True, slots=True)
class ResponsibilityLetter:
    """一份责任书。空着的项留给人手填；写了姓名也只作提示，签名仍须本人亲笔。"""

    unit_name: str = ""
    system_admin: str = ""
    info_admin: str = ""
    training_admin: str = ""
    info_viewer: str = ""
    signed_on: date | None = None


def letter_docx(letter: ResponsibilityLetter) -> bytes:
    """责任书的 Word 文件：A4 纵向，职责全文，五处签名、单位盖章、签署时间。"""
    document = blank_page(
        landscape=False,
        margin_mm=25,
        title=f"{TITLE} {letter.unit_name}".strip(),
        author=letter.unit_name,
        day=letter.signed_on,
    )
    write_line(document, TITLE, size=18, chinese=HEI, centered=True, after=10)
    write_line(document, OPENING, indent=2, spacing=1.3)
    for heading, duties in DUTIES:
        title = write_line(document, heading, chinese=HEI, indent=2, before=4, spacing=1.3)
        title.paragraph_format.keep_with_next = True
        for duty in duties:
            write_line(document, duty, indent=2, spacing=1.3)
    write_line(document, PLEDGE, indent=2, before=8, after=10, spacing=1.3)
    signed = chinese_date(letter.signed_on) or "　　年　　月　　日"
    signatures = (
        _signature("系统管理员", letter.system_admin),
        _signature("信息管理员", letter.info_admin),
        _signature("培训管理员", letter.training_admin),
        _signature("信息查询员", letter.info_viewer),
        _signature("学校（幼儿园）负责人", ""),
        f"单位名称（盖章）：{letter.unit_name}",
        f"签署时间：{signed}",
    )
    for position, text in enumerate(signatures, start=1):
        layout = write_line(document, text, spacing=1.9).paragraph_format
        layout.keep_with_next = position < len(signatures)  # 落款不拆到两页
    number_pages(document, TITLE)
    return to_bytes(document)


def _signature(role: str, name: str) -> str:
    hint = f"{'　' * 10}（姓名：{name}）" if name else ""
    return f"{role}（签名）：{hint}"
