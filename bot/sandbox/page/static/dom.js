// 小工具：造元素、取元素、写日期。用户的文字只经过 textContent，绝不拼进 HTML。

export const byId = (id) => document.getElementById(id);

/** element("div", {className: "x"}, 子元素或文字…) */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") node.setAttribute(key, value);
    else if (key === "dataset") Object.assign(node.dataset, value);
    else node[key] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/** 服务端给的都是北京时间的字面值，按字面显示，不做时区换算。 */
export function longTime(text) {
  const [day, clock] = text.split("T");
  const [year, month, date] = day.split("-").map(Number);
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, date)).getUTCDay()];
  return { day: `${year}年${month}月${date}日`, weekday, clock: clock.slice(0, 5), short: `${month}月${date}日` };
}

export const minutesOf = (text) => Date.parse(`${text}Z`) / 60000;

export function readableSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const HUES = [12, 32, 145, 168, 212, 262, 288, 338];

/** 头像：机器人是图标，人是名字最后一个字，群是第一个字。 */
export function paintAvatar(node, { name, number, bot = false, group = false }) {
  node.className = `avatar${bot ? " avatar-bot" : ""}${group ? " avatar-group" : ""}`;
  node.textContent = bot ? "" : group ? [...name].slice(0, 2).join("") : [...name].at(-1);
  node.style.setProperty("--hue", HUES[Math.abs(number) % HUES.length]);
  return node;
}

export const avatar = (who) => paintAvatar(element("span", { "aria-hidden": "true" }), who);
