// 网页的总装：把状态画出来，把键盘、点击和推送接上。

import * as api from "./api.js";
import { drawLost, drawStatus, wireClock } from "./clockbar.js";
import { attempt, complain, fitText, insert, quote, wireComposer } from "./composer.js";
import { byId, paintAvatar } from "./dom.js";
import { renderActions, renderLog, renderMessage } from "./messages.js";
import { renderChats, renderMembers, renderPeople } from "./people.js";
import { Store } from "./store.js";

const store = new Store();
const log = byId("log");
const text = byId("text");
let drawn = { key: "", count: 0 }; // 消息区里现在画着哪个会话、几条
let isFollowing = true; // 停在最下面，新消息来了就跟着走
let below = 0; // 往上翻看时，下面新来的条数

const context = () => ({
  me: store.me,
  inGroup: store.chat.kind === "group",
  roleOf: (qq) => store.group?.members.find((member) => member.qq === qq)?.role,
});

// 画

function drawAll() {
  if (!store.person) return;
  drawMe();
  drawChat();
  scrollDown();
}

function drawMe() {
  byId("me-name").textContent = store.person.name;
  byId("me-label").textContent = store.person.label || `QQ ${store.me}`;
  paintAvatar(byId("me-avatar"), { name: store.person.name, number: store.me });
}

function drawChat() {
  const chat = store.chat;
  const group = store.group;
  store.markSeen();
  byId("title").textContent = chat.name;
  const session = store.person.friend ? "与机器人的私聊" : "与机器人的临时会话（还不是好友）";
  byId("subtitle").textContent = group ? `${group.members.length} 人${group.muted ? " · 全员禁言中" : ""}` : session;
  byId("panel").setAttribute("aria-labelledby", `tab-${chat.key}`);
  for (const id of ["members", "at-bot", "at-someone"]) byId(id).hidden = !group;
  drawLog(chat);
  drawSide();
}

/** 同一个会话里只补新来的，读屏软件、焦点和打开的小按钮都不受打扰。 */
function drawLog(chat) {
  const items = store.itemsOf(chat);
  const key = `${store.me}/${chat.key}`;
  if (drawn.key === key) {
    const before = items[drawn.count - 1] ?? null;
    log.append(...renderLog(items.slice(drawn.count), context(), before));
  } else {
    log.replaceChildren(...renderLog(items, context()));
  }
  drawn = { key, count: items.length };
}

function drawSide() {
  renderChats(store.chatsOf(store.me), store.chat.key, openChat);
  const unread = store.state.people.reduce((sum, person) => sum + store.unreadOf(person.qq), 0);
  document.title = unread ? `(${unread}) 模拟 QQ` : "模拟 QQ · 教师系统助手";
}

const isAtBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;

function scrollDown() {
  log.scrollTop = log.scrollHeight;
  isFollowing = true;
  below = 0;
  byId("newer").hidden = true;
}

// 动作

/** 每个人在每个会话里没发出去的字各自留着。 */
function switchTo(change) {
  store.draft = text.value;
  change();
  text.value = store.draft;
  quote(null);
  complain("");
  drawAll();
  fitText();
}

const openChat = (key) => switchTo(() => (store.active[store.me] = key));

function become(qq) {
  byId("people-dialog").close();
  switchTo(() => store.become(qq));
  text.focus();
}

const commands = {
  quote(message) {
    quote(message);
    if (store.chat.kind === "group" && message.sender !== store.me) insert(`@${message.name} `);
    else text.focus();
  },
  at: (message) => insert(`@${message.name} `),
  copy: (message) => attempt(() => navigator.clipboard.writeText(message.parts.map((part) => part.text ?? "").join(""))),
  recall: (message) => attempt(() => api.recall(store.me, message.id)),
};

function toggleActions(row) {
  const open = row.querySelector(".actions");
  for (const bar of log.querySelectorAll(".actions")) bar.remove();
  if (open) return;
  const message = store.state.messages.find((item) => String(item.id) === row.dataset.id);
  const run = (name, target) => {
    toggleActions(row);
    commands[name](target);
  };
  row.querySelector(".message-main").append(renderActions(message, context(), run));
  row.querySelector(".actions").scrollIntoView({ block: "nearest" });
}

// 推送

let backlog = null; // 正在重读全部状态时先把推送攒着

function onEvent(event) {
  if (backlog && event.event !== "lost") {
    backlog.push(event);
  } else if (event.event === "status") {
    Object.assign(store.state, { now: event.now, connected: event.connected });
    drawStatus(store.state);
  } else if (event.event === "message") {
    store.keep(event.message);
    refresh(event.message);
  } else if (event.event === "recall") {
    store.keep(event.message);
    byId(`m${event.message.id}`)?.replaceWith(renderMessage(event.message, context()));
    drawSide();
  } else if (event.event === "notice") {
    if (store.keepNotice(event.notice)) refresh(event.notice);
  } else if (event.event === "people") {
    reloadSoon();
  } else {
    drawLost();
  }
}

let redrawTimer = 0;

/** 一阵消息合成一次重画。 */
function refresh(item) {
  const isHere = item.kind === store.chat?.kind && item.number === store.chat?.number;
  redrawTimer ||= setTimeout(redraw, 20);
  if (isHere && item.sender === store.me) isFollowing = true;
  else if (isHere && !isFollowing) below += 1;
}

function redraw() {
  redrawTimer = 0;
  const position = log.scrollTop;
  drawChat();
  if (isFollowing) {
    scrollDown();
    return;
  }
  log.scrollTop = position;
  byId("newer").hidden = below === 0;
  byId("newer").textContent = `↓ ${below} 条新消息`;
}

let reloadTimer = 0;

function reloadSoon() {
  clearTimeout(reloadTimer);
  reloadTimer = setTimeout(reload, 120);
}

async function reload() {
  if (backlog) return reloadSoon();
  backlog = [];
  const isFirst = !store.loaded;
  try {
    store.load(await api.readState());
  } finally {
    const missed = backlog;
    backlog = null;
    if (store.loaded) missed.forEach(onEvent);
  }
  drawn = { key: "", count: 0 };
  drawStatus(store.state);
  if (isFirst) drawAll();
  else if (store.person) redraw();
}

// 接线

byId("newer").addEventListener("click", scrollDown);
log.addEventListener("load", () => isFollowing && scrollDown(), true); // 图片到了，高度变了
log.addEventListener("scroll", () => {
  isFollowing = isAtBottom();
  if (isFollowing) byId("newer").hidden = true;
});

function openMembers() {
  renderMembers(store.group, store.state.bot.qq, (member) => {
    byId("members-dialog").close();
    insert(`@${member.name} `);
  });
  byId("members-dialog").showModal();
}
byId("members").addEventListener("click", openMembers);
byId("at-someone").addEventListener("click", openMembers);

byId("me").addEventListener("click", () => {
  const groupsOf = (qq) => store.state.groups.filter((group) => group.members.some((item) => item.qq === qq)).map((group) => group.name).join("、");
  renderPeople(store.state.people, store.me, groupsOf, (qq) => (qq === store.me ? 0 : store.unreadOf(qq)), become);
  byId("people-dialog").showModal();
});
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

log.addEventListener("click", (event) => {
  const jump = event.target.closest(".quote");
  if (jump) {
    const target = byId(`m${jump.dataset.jump}`);
    target?.scrollIntoView({ block: "center", behavior: "smooth" });
    target?.classList.add("flash");
    setTimeout(() => target?.classList.remove("flash"), 1600);
    return;
  }
  const isSelecting = String(getSelection()).length > 0;
  const bubble = event.target.closest(".bubble");
  if (bubble && !isSelecting && !event.target.closest("a, summary")) toggleActions(bubble.closest(".message"));
});
log.addEventListener("keydown", (event) => {
  if (!event.target.classList.contains("bubble") || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  toggleActions(event.target.closest(".message"));
  event.target.closest(".message").querySelector(".actions button")?.focus();
});
byId("chats").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const chats = store.chatsOf(store.me);
  const at = chats.findIndex((chat) => chat.key === store.chat.key);
  openChat(chats[(at + step + chats.length) % chats.length].key);
});
wireComposer(store);
wireClock(store, attempt);
api.listen(reload, onEvent);
