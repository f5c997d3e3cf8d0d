"""在真的 Chromium 里用网页：换人、群聊、私聊、引用、图片、文件、撤回、时钟、手机大小。"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import struct
import zlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.page import SandboxPage

if TYPE_CHECKING:  # playwright 只在 dev 依赖里；不跑浏览器测试时没有它也要能收集
    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

GROUP = 900001
TEACHER, REVIEWER = 20001, 20002
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
]


def expect(target: Any) -> Any:
    from playwright.async_api import expect as playwright_expect

    return playwright_expect(target)


def tiny_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"".join(b"\0" + b"\x0b\x8d\xf2" * 40 for _ in range(20))
    head = struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(pixels))
        + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    from playwright.async_api import async_playwright

    assert path, "没有 Chromium：apt-get install chromium，或用环境变量 CHROMIUM 指明"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def site(world, bot_side, clock) -> AsyncIterator[SandboxPage]:
    """机器人一侧：被 @ 就引用着回答，/图 回图片，/登记表 私聊发文件。"""

    async def answer(frame: dict) -> None:
        if frame.get("post_type") != "message":
            return
        raw, reply = frame["raw_message"], f"[CQ:reply,id={frame['message_id']}]"
        target = {key: frame[key] for key in ("group_id", "user_id", "message_type") if key in frame}
        if "[CQ:at,qq=10001]" in raw:
            text = f"{reply}[CQ:at,qq={frame['user_id']}] 找本校系统管理员重置"
            await bot_side.post("send_msg", message=text, **target)
        elif raw == "/图":
            file = "base64://" + base64.b64encode(tiny_png()).decode()
            await bot_side.post("send_msg", message=f"[CQ:image,file={file}]", **target)
        elif raw == "/登记表":
            file = "base64://" + base64.b64encode(b"PK-docx").decode()
            await bot_side.post(
                "upload_private_file", user_id=frame["user_id"], file=file, name="登记表.docx"
            )

    async def move(target) -> None:
        clock.time = target
        await bot_side.post("send_group_msg", group_id=GROUP, message=f"提醒：还差 2 天[CQ:at,qq={TEACHER}]")

    bot_side.handler = answer
    page = SandboxPage(world, 0, now=clock, move_clock=move)
    await page.start()
    yield page
    await page.stop()


@pytest.fixture
async def tab(chromium: Browser, site: SandboxPage) -> AsyncIterator[Page]:
    context = await chromium.new_context(
        viewport={"width": 1200, "height": 760}, locale="zh-CN", timezone_id="America/New_York"
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "warning" else None)
    await page.goto(site.url)
    await expect(page.locator("#me-name")).to_have_text("王丽")
    yield page
    await context.close()
    assert problems == []


async def type_and_send(tab: Page, text: str) -> None:
    await tab.locator("#text").fill(text)
    await tab.locator("#text").press("Enter")


async def test_ask_in_the_group_and_see_the_answer_with_at_and_quote(tab: Page):
    await tab.locator("#at-bot").click()
    await tab.keyboard.type("密码忘了怎么办")
    await tab.keyboard.press("Enter")
    answer = tab.locator(".from-bot .bubble")
    await expect(answer).to_contain_text("找本校系统管理员重置")
    await expect(answer.locator(".at-me")).to_have_text("@三中 王丽")
    await expect(answer.locator(".quote")).to_contain_text("密码忘了怎么办")
    await expect(tab.locator(".mine .bubble .at")).to_have_text("@教师系统助手")
    await expect(tab.locator("#text")).to_have_value("")


async def test_become_someone_else_by_keyboard(tab: Page):
    await tab.locator("#me").focus()
    await tab.keyboard.press("Enter")
    await tab.locator(f"[data-qq='{REVIEWER}']").focus()
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#me-label")).to_have_text("信息管理员 · 岳阳县教育局")
    await tab.locator("[role=tab]").last.click()
    await expect(tab.locator("#subtitle")).to_contain_text("临时会话")


async def test_tabs_move_with_arrow_keys(tab: Page):
    await tab.locator("[role=tab]").first.focus()
    await tab.keyboard.press("ArrowDown")
    await expect(tab.locator("#title")).to_have_text("教师系统助手")
    await expect(tab.locator("[role=tab]").last).to_be_focused()


async def test_private_file_can_be_downloaded(tab: Page):
    await tab.locator("[role=tab]").last.click()
    await type_and_send(tab, "/登记表")
    link = tab.locator(".from-bot .file")
    await expect(link).to_contain_text("登记表.docx")
    async with tab.expect_download() as info:
        await link.click()
    download = await info.value
    assert download.suggested_filename == "登记表.docx"
    path = await download.path()
    assert await asyncio.to_thread(path.read_bytes) == b"PK-docx"


async def test_picture_is_shown(tab: Page):
    await type_and_send(tab, "/图")
    picture = tab.locator(".from-bot .picture")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 40)


async def test_quote_by_tapping_a_message(tab: Page, world):
    first = await world.say(REVIEWER, "请核对数据", group=GROUP)
    await tab.locator(".bubble", has_text="请核对数据").click()
    await tab.get_by_role("button", name="引用", exact=True).click()
    await expect(tab.locator("#text")).to_have_value("@县教育局 周敏 ")
    await tab.locator("#text").press("End")
    await tab.keyboard.type("好的")
    await tab.keyboard.press("Enter")
    await expect(tab.locator(".mine .quote")).to_contain_text("请核对数据")
    sent = world.messages(group=GROUP)[-1]
    assert (sent.quoted_id, sent.mentions) == (first.message_id, (REVIEWER,))
    await expect(tab.locator("#quoting")).to_be_hidden()


async def test_text_of_people_is_never_html(tab: Page):
    await type_and_send(tab, "<img src=x onerror=alert(1)> <b>粗</b>")
    bubble = tab.locator(".mine .bubble")
    await expect(bubble).to_have_text("<img src=x onerror=alert(1)> <b>粗</b>")
    await expect(bubble.locator("img, b")).to_have_count(0)


async def test_recalled_message_turns_grey(tab: Page, world):
    await type_and_send(tab, "发错了")
    await tab.locator(".mine .bubble").click()
    await tab.get_by_role("button", name="撤回").click()
    await expect(tab.locator(".recalled")).to_have_text("你 的一条消息已撤回")
    await expect(tab.locator(".log")).not_to_contain_text("发错了")


async def test_unread_counts_and_mentions(tab: Page, world):
    await tab.locator("[role=tab]").last.click()
    await world.say(REVIEWER, ["普通的话"], group=GROUP)
    first = await world.say(TEACHER, "我问的", group=GROUP)
    await world.say(REVIEWER, "@你了", group=GROUP, quote=first)
    group_tab = tab.locator("[role=tab]").first
    await expect(group_tab.locator(".unread")).to_have_text("2")
    await expect(group_tab).to_contain_text("[有人@我]")
    await group_tab.click()
    await expect(tab.locator("[role=tab]").first.locator(".unread")).to_have_count(0)


async def test_upload_a_file_and_a_picture(tab: Page, world):
    await tab.locator("#file").set_input_files({"name": "名单.xlsx", "mimeType": "x/y", "buffer": b"PK123"})
    await expect(tab.locator(".mine .file")).to_contain_text("名单.xlsx")
    await tab.locator("#picture").set_input_files(
        {"name": "图.png", "mimeType": "image/png", "buffer": tiny_png()}
    )
    await expect(tab.locator(".mine .picture")).to_be_visible()
    assert world.messages(group=GROUP)[0].files[0].content == b"PK123"


async def test_moving_the_clock_brings_the_reminder(tab: Page):
    await expect(tab.locator("#now")).to_have_text("2017年2月20日 周一 08:30")
    await tab.get_by_role("button", name="到下一个 09:00").click()
    await expect(tab.locator("#now")).to_have_text("2017年2月20日 周一 09:00")
    await expect(tab.locator(".from-bot .bubble").first).to_contain_text("还差 2 天")
    await tab.locator("#clock-to").fill("2017-02-24T09:00")
    await tab.get_by_role("button", name="拨到").click()
    await expect(tab.locator("#now")).to_have_text("2017年2月24日 周五 09:00")


async def test_refusal_is_shown_and_the_text_is_kept(tab: Page, world):
    world.state.group(GROUP).muted = True
    await type_and_send(tab, "说不出来")
    await expect(tab.locator("#problem")).to_contain_text("禁言")
    await expect(tab.locator("#text")).to_have_value("说不出来")


async def test_drafts_stay_with_their_chat(tab: Page):
    await tab.locator("#text").fill("没写完")
    await tab.locator("[role=tab]").last.click()
    await expect(tab.locator("#text")).to_have_value("")
    await tab.locator("[role=tab]").first.click()
    await expect(tab.locator("#text")).to_have_value("没写完")


async def test_link_state_is_shown(tab: Page, world):
    await expect(tab.locator("#link")).to_have_text("机器人在线")
    await world.disconnect()
    await expect(tab.locator("#link")).to_have_text("机器人不在线")


@pytest.mark.parametrize("chat", ["first", "last"])
async def test_phone_size_has_no_horizontal_scroll(tab: Page, world, chat):
    await tab.set_viewport_size({"width": 375, "height": 667})
    long = "https://example.invalid/" + "很长的地址" * 8 + "a" * 120
    await world.say(TEACHER, long, group=GROUP)
    await world.send_file(TEACHER, "附件3 更新登记表 岳阳县第三中学 2017年第一季度.xlsx", b"PK", group=GROUP)
    await world.say(TEACHER, long)
    await getattr(tab.locator("[role=tab]"), chat).click()
    await expect(tab.locator(".mine").first).to_be_visible()
    await tab.locator(".mine .bubble").first.click()
    widths = await tab.evaluate(
        "[document.documentElement.scrollWidth, document.body.scrollWidth, log.scrollWidth - log.clientWidth]"
    )
    assert widths == [375, 375, 0]
    send = await tab.locator(".send").bounding_box()
    assert send is not None
    assert send["x"] + send["width"] <= 375
    assert send["y"] + send["height"] <= 667
