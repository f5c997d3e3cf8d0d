// 左侧的会话列表、换人的对话框、群成员的对话框。

import { avatar, byId, element } from "./dom.js";

const ROLES = { owner: "群主", admin: "管理员", member: "" };

export function renderChats(chats, activeKey, pick) {
  const container = byId("chats");
  const hadFocus = container.contains(document.activeElement);
  container.replaceChildren(...chats.map((chat) => renderChat(chat, chat.key === activeKey, pick)));
  const active = container.querySelector("[aria-selected=true]");
  active?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (hadFocus) active?.focus();
}

function renderChat(chat, isActive, pick) {
  const preview = element("small", { className: "chat-preview" });
  if (chat.mentioned) preview.append(element("em", {}, "[有人@我] "));
  preview.append(chat.preview || "还没有消息");
  const unread = chat.unread
    ? element("span", { className: "unread", "aria-label": `${chat.unread} 条未读` }, chat.unread > 99 ? "99+" : String(chat.unread))
    : null;
  return element(
    "button",
    {
      type: "button",
      className: "chat-item",
      role: "tab",
      id: `tab-${chat.key}`,
      tabIndex: isActive ? 0 : -1,
      "aria-selected": String(isActive),
      "aria-controls": "panel",
      onclick: () => pick(chat.key),
    },
    avatar({ name: chat.name, number: chat.number, bot: chat.kind === "private", group: chat.kind === "group" }),
    element("span", { className: "chat-text" }, element("b", {}, chat.name), preview),
    unread,
  );
}

export function renderPeople(people, me, groupsOf, unreadOf, pick) {
  const rows = people.map((person) => {
    const unread = unreadOf(person.qq);
    return element(
      "button",
      {
        type: "button",
        className: "row",
        "aria-current": String(person.qq === me),
        dataset: { qq: String(person.qq) },
        onclick: () => pick(person.qq),
      },
      avatar({ name: person.name, number: person.qq }),
      element(
        "span",
        { className: "row-text" },
        element("b", {}, person.name),
        element("small", {}, person.label || groupsOf(person.qq) || `QQ ${person.qq}`),
      ),
      unread ? element("span", { className: "unread", "aria-label": `${unread} 条未读` }, String(unread)) : null,
    );
  });
  byId("people-rows").replaceChildren(...rows);
}

export function renderMembers(group, botNumber, pick) {
  byId("members-title").textContent = `${group.name}（${group.members.length}）`;
  const rows = group.members.map((member) =>
    element(
      "button",
      { type: "button", className: "row", onclick: () => pick(member) },
      avatar({ name: member.name, number: member.qq, bot: member.qq === botNumber }),
      element(
        "span",
        { className: "row-text" },
        element("b", {}, member.name),
        element("small", {}, [ROLES[member.role], `QQ ${member.qq}`].filter(Boolean).join(" · ")),
      ),
      element("span", { className: "row-hint" }, "@"),
    ),
  );
  byId("members-rows").replaceChildren(...rows);
}
