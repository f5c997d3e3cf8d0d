// 消息区：气泡、时间、引用、图片、文件、撤回；点一条消息出现“引用、@、复制、撤回”。

import { avatar, element, longTime, minutesOf, readableSize } from "./dom.js";

const QUIET_MINUTES = 5;

/** items 是消息与灰字提示，按 index 排好；before 是它们前面那一条；返回可以直接放进消息区的节点。 */
export function renderLog(items, context, before = null) {
  const nodes = [];
  let previous = before;
  for (const item of items) {
    const stamp = renderStamp(item, previous);
    if (stamp) nodes.push(stamp);
    nodes.push(item.parts ? renderMessage(item, context) : element("p", { className: "notice" }, item.text));
    previous = item;
  }
  return nodes;
}

function renderStamp(item, previous) {
  const isNewDay = !previous || previous.time.slice(0, 10) !== item.time.slice(0, 10);
  if (!isNewDay && minutesOf(item.time) - minutesOf(previous.time) < QUIET_MINUTES) return null;
  const when = longTime(item.time);
  return element("p", { className: "stamp" }, isNewDay ? `${when.day} ${when.weekday} ${when.clock}` : when.clock);
}

export function renderMessage(message, context) {
  const isMine = message.sender === context.me;
  if (message.recalled) {
    const who = isMine ? "你" : message.name;
    return element("p", { className: "notice recalled", id: `m${message.id}` }, `${who} 的一条消息已撤回`);
  }
  const bubble = element("div", { className: "bubble", tabIndex: 0, role: "group", "aria-label": `${message.name} 的消息` });
  if (message.quote) bubble.append(renderQuote(message.quote));
  bubble.append(...message.parts.map((part) => renderPart(part, context)));
  if (message.parts.length === 1 && message.parts[0].type === "image") bubble.classList.add("bare");
  const row = element(
    "article",
    {
      className: `message${isMine ? " mine" : ""}${message.bot ? " from-bot" : ""}${isToMe(message, context) ? " to-me" : ""}`,
      id: `m${message.id}`,
      dataset: { id: String(message.id) },
    },
    avatar({ name: message.name, number: message.sender, bot: message.bot }),
    element("div", { className: "message-main" }, renderName(message, context), bubble),
  );
  return row;
}

const isToMe = (message, context) => message.mentions.includes(context.me) || message.everyone;

function renderName(message, context) {
  const role = context.roleOf(message.sender);
  const badge = message.bot ? "机器人" : { owner: "群主", admin: "管理员" }[role];
  const tag = badge ? element("span", { className: `badge${message.bot ? " badge-bot" : ""}` }, badge) : null;
  return element("div", { className: "name" }, element("span", {}, message.name), tag);
}

function renderQuote(quote) {
  return element(
    "button",
    { type: "button", className: "quote", dataset: { jump: String(quote.id) } },
    element("b", {}, quote.name ? `${quote.name}：` : ""),
    quote.text,
  );
}

function renderPart(part, context) {
  if (part.type === "at") {
    const isMe = part.qq === String(context.me) || part.qq === "all";
    return element("span", { className: isMe ? "at at-me" : "at" }, part.text);
  }
  if (part.type === "image") {
    const picture = element("img", { src: part.url, alt: `图片 ${part.name}`, className: "picture", loading: "lazy" });
    return element("a", { href: part.url, target: "_blank", rel: "noopener", className: "picture-link" }, picture);
  }
  if (part.type === "file") return renderFile(part);
  if (part.type === "forward") return renderForward(part);
  return document.createTextNode(part.text);
}

function renderFile(part) {
  const extension = part.name.includes(".") ? part.name.split(".").at(-1).slice(0, 4).toUpperCase() : "文件";
  return element(
    "a",
    { href: part.url, download: part.name, className: "file" },
    element("span", { className: "file-icon", "aria-hidden": "true", dataset: { kind: extension } }, extension),
    element(
      "span",
      { className: "file-text" },
      element("b", {}, part.name),
      element("small", {}, `${readableSize(part.size)} · 下载`),
    ),
  );
}

function renderForward(part) {
  const lines = part.nodes.map((node) => element("p", {}, element("b", {}, `${node.name}：`), node.text));
  const title = element("summary", {}, `聊天记录（${part.nodes.length} 条）`);
  return element("details", { className: "forward" }, title, ...lines);
}

/** 气泡下面的小按钮。 */
export function renderActions(message, context, run) {
  const button = (label, action) =>
    element("button", { type: "button", onclick: () => run(action, message) }, label);
  const isMine = message.sender === context.me;
  return element(
    "div",
    { className: "actions", role: "toolbar", "aria-label": "对这条消息" },
    button("引用", "quote"),
    context.inGroup && !isMine ? button("@TA", "at") : null,
    button("复制", "copy"),
    isMine ? button("撤回", "recall") : null,
  );
}
