"""模拟 QQ 的网页：在浏览器里扮演老师、学校、县、市的人，与机器人对话并拨动时钟。"""

from bot.sandbox.page.server import SandboxPage

__all__ = ["SandboxPage"]
