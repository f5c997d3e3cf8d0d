// 时钟栏：显示模拟时间与连接状态，把时钟往前拨。

import { moveClock } from "./api.js";
import { byId, longTime } from "./dom.js";

export function drawStatus(state) {
  const when = longTime(state.now);
  byId("now").textContent = `${when.day} ${when.weekday} ${when.clock}`;
  byId("now").dateTime = state.now;
  byId("clock-buttons").hidden = !state.clock;
  byId("clock-to").min = state.now;
  if (document.activeElement !== byId("clock-to")) byId("clock-to").value = state.now;
  byId("link").textContent = state.connected ? "机器人在线" : "机器人不在线";
  byId("link").classList.toggle("down", !state.connected);
}

export function drawLost() {
  byId("link").textContent = "正在重新连接…";
  byId("link").classList.add("down");
}

/** attempt 负责把出错的句子显示给人看。 */
export function wireClock(store, attempt) {
  async function move(target) {
    const buttons = byId("clock-buttons").querySelectorAll("button");
    document.body.classList.add("moving");
    for (const button of buttons) button.disabled = true;
    await attempt(async () => {
      Object.assign(store.state, await moveClock(target));
      drawStatus(store.state);
    });
    for (const button of buttons) button.disabled = false;
    document.body.classList.remove("moving");
  }

  byId("clock-buttons").addEventListener("click", (event) => {
    const step = event.target.dataset?.step;
    if (step) move({ step });
  });
  byId("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    move({ to: byId("clock-to").value });
  });
}
