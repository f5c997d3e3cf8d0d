"""设置：一块一个类，每一项都写明用处；来自环境变量和项目根目录的 .env。不引用任何自家模块。"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """设置不对；``problems`` 一行一处，指明哪一项、怎么改，不含设置的值。"""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Settings(BaseSettings):
    """全部设置。环境变量优先于 .env。"""

    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    # ---- 连接
    environment: Literal["production", "test"] = Field(
        "production", description="运行环境；test 才允许 --clock 模拟时钟"
    )
    host: str = Field("127.0.0.1", description="监听地址；只给本机的 QQ 客户端连就用 127.0.0.1")
    port: int = Field(8080, ge=0, le=65535, description="监听端口，客户端连 ws://HOST:PORT/onebot/v11/ws")
    onebot_access_token: str = Field("", description="QQ 客户端连上来要带的令牌，必填，至少 8 个字符")
    operators: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(), description="运维的 QQ 号，逗号分隔；只能绑群，看不到业务数据"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="日志级别，不含消息正文"
    )

    # ---- 数据
    data_dir: Path = Field(Path("data"), description="数据目录，相对项目根目录")
    database_url: str = Field(
        "", description="数据库；默认数据目录里的 assistant.db，也可写 postgresql+asyncpg://…"
    )
    key_file: Path | None = Field(None, description="加密钥匙串；默认数据目录里的 keys.json，务必单独备份")

    # ---- 方案
    plan_file: Path | None = Field(None, description="工作方案文件；默认自带的岳阳方案")
    starts_on: date | None = Field(None, description="启用日，之前的节点只作历史；默认第一次启动那天")
    contact_phone: str | None = Field(None, description="教师工作科电话，填了就代替方案公布的")
    contact_mail: str | None = Field(None, description="教师工作科邮箱，填了就代替方案公布的")

    # ---- 答问
    listen_quiet_seconds: float = Field(
        6, ge=0, le=60, description="自动答问的群里，等人安静几秒再看要不要答"
    )
    listen_person_seconds: float = Field(30, ge=0, le=3600, description="自动答问对同一个人至少隔几秒")
    listen_group_seconds: float = Field(20, ge=0, le=3600, description="自动答问在同一个群里至少隔几秒")
    ignored_qq: Annotated[frozenset[int], NoDecode] = Field(
        frozenset({2854196310}), description="群里别的机器人的 QQ 号，逗号分隔，一概不理"
    )

    answer_log_days: int = Field(
        180, ge=1, le=3650, description="答问记录里的提问人和问题文字留几天，过后只留次数"
    )

    hand_off_remind_hours: float = Field(
        4, gt=0, le=40, description="转人工没人答，几个上班小时后催一次，再过这么久转上一级"
    )
    hand_off_daily: int = Field(10, ge=1, le=1000, description="一个人一天最多转几次人工")

    # ---- 可选的大模型
    model_base_url: str = Field(
        "", description="OpenAI 兼容接口的地址，以 http:// 或 https:// 开头，到 /v1 为止；空着不用"
    )
    model_api_key: SecretStr = Field(
        SecretStr(""), description="接口的密钥，只能是英文字母、数字和符号；本机的模型可以空着"
    )
    model_chat: str = Field("", max_length=200, description="换说法用的模型名；空着不用")
    model_embedding: str = Field("", max_length=200, description="算向量用的模型名；空着不用")
    model_timeout_seconds: float = Field(8, gt=0, le=60, description="等模型的总时限，过了就用原文")
    model_daily_calls: int = Field(500, ge=1, le=1000000, description="一天最多调用几次，北京时间零点清零")
    model_daily_tokens: int = Field(
        500000, ge=1, le=1000000000, description="一天最多用几个 token，北京时间零点清零"
    )

    # ---- 提醒与登记
    reminder_sweep_seconds: float = Field(20, gt=0, le=3600, description="多少秒清点一次提醒和发件箱")
    reminder_batch_size: int = Field(20, ge=1, le=50, description="一条群提醒最多 @ 几个人")
    reminder_batches: int = Field(5, ge=1, le=50, description="一次最多连发几条群提醒，其余半小时后")
    send_per_sweep: int = Field(15, ge=1, le=500, description="一次清点最多主动发几条消息")
    send_pause_seconds: float = Field(
        1.2, ge=0, le=60, description="主动发的两条消息之间歇几秒，太密会被当成刷屏"
    )
    digest_time: time = Field(time(8, 30), description="工作日几点给审核单位发每日摘要，北京时间，如 08:30")
    invite_hours: int = Field(72, ge=1, le=720, description="邀请码几小时内有效")

    @field_validator("operators", "ignored_qq", mode="before")
    @classmethod
    def _read_numbers(cls, value: object) -> object:
        """10001,10002 或 NoneBot 的写法 ["10001"] 都认。"""
        if not isinstance(value, str):
            return value
        text = value.strip()
        if text.startswith("["):
            return json.loads(text)
        return frozenset(part for part in text.replace("，", ",").split(",") if part.strip())

    @field_validator("model_base_url")
    @classmethod
    def _check_address(cls, value: str) -> str:
        """完整的网址；里面不许带密码和参数，免得进了日志。"""
        if value:
            parts = urlsplit(value)
            plain = value.isascii() and value.isprintable() and " " not in value
            whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
            if not plain or not whole or "@" in parts.netloc or parts.query or parts.fragment:
                raise ValueError("不是网址")
        return value.rstrip("/")

    @field_validator("model_api_key")
    @classmethod
    def _check_key(cls, value: SecretStr) -> SecretStr:
        """要放进请求头，只能是看得见的英文字符。"""
        secret = value.get_secret_value()
        if not all("!" <= char <= "~" for char in secret):
            raise ValueError("有空格或中文")
        return value

    @property
    def uses_model(self) -> bool:
        """配了大模型没有。"""
        return bool(self.model_base_url and (self.model_chat or self.model_embedding))

    @property
    def resolved_database_url(self) -> str:
        """实际使用的数据库地址。"""
        if self.database_url:
            return self.database_url
        return f"sqlite+aiosqlite:///{(PROJECT / self.data_dir / 'assistant.db').as_posix()}"

    @property
    def resolved_key_file(self) -> Path:
        """实际使用的钥匙串。"""
        return PROJECT / (self.key_file or self.data_dir / "keys.json")


MEANINGS = {
    "int_parsing": "要写整数",
    "float_parsing": "要写数字",
    "date_from_datetime_parsing": "要写成 2017-02-20 这样的日期",
    "date_parsing": "要写成 2017-02-20 这样的日期",
    "time_parsing": "要写成 08:30 这样的时刻",
    "literal_error": "只能写规定的几个词之一",
}


def load_settings(env_file: Path | None = PROJECT / ".env", **overrides: object) -> Settings:
    """读设置；不对就抛出 SettingsError，指明哪几项。"""
    try:
        return Settings(_env_file=env_file, **overrides)  # type: ignore[call-arg, arg-type]
    except ValidationError as error:
        found = error.errors()
        problems = [_problem(item["loc"], item["type"], item.get("ctx", {})) for item in found]
        raise SettingsError(problems) from None
    except ValueError as error:
        raise SettingsError([f"设置读不懂：{type(error).__name__}，请对照 .env.example 检查"]) from None


def _problem(location: tuple[int | str, ...], kind: str, context: dict[str, object]) -> str:
    name = str(location[0]).upper() if location else "设置"
    meaning = MEANINGS.get(kind)
    if meaning is None:
        limits = [f"{word}{context[key]}" for key, word in LIMITS.items() if key in context]
        meaning = "、".join(limits) or "写法不对"
    field = Settings.model_fields.get(str(location[0]).lower()) if location else None
    hint = f"（{field.description}）" if field and field.description else ""
    return f"设置 {name}：{meaning}{hint}"


LIMITS = {"ge": "不能小于 ", "gt": "要大于 ", "le": "不能大于 ", "lt": "要小于 "}


def check_for_running(settings: Settings, *, simulated_clock: bool) -> None:
    """启动服务前还要核对的几条。"""
    problems = []
    if len(settings.onebot_access_token) < 8:
        problems.append(
            "设置 ONEBOT_ACCESS_TOKEN：必填，至少 8 个字符，QQ 客户端里填同一个；空着谁都能冒充 QQ"
        )
    if simulated_clock and settings.environment != "test":
        problems.append("设置 ENVIRONMENT：--clock 只在 ENVIRONMENT=test 时可用，正式运行请去掉 --clock")
    if (settings.model_chat or settings.model_embedding) and not settings.model_base_url:
        problems.append(
            "设置 MODEL_BASE_URL：填了 MODEL_CHAT 或 MODEL_EMBEDDING，就要写接口的地址；不用就都空着"
        )
    if problems:
        raise SettingsError(problems)
