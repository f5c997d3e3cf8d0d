// 输入区：写字、引用、@、发文件和图片；出错时把服务端的句子显示在这里。

import * as api from "./api.js";
import { byId } from "./dom.js";

const text = byId("text");
let quoted = null;

export function complain(sentence) {
  byId("problem").textContent = sentence;
  byId("problem").hidden = !sentence;
}

export async function attempt(action) {
  complain("");
  try {
    await action();
    return true;
  } catch (problem) {
    complain(problem.message);
    return false;
  }
}

export function quote(message) {
  quoted = message;
  byId("quoting").hidden = !message;
  byId("quoting-text").textContent = message ? `${message.name}：${message.preview}` : "";
}

export function insert(value) {
  text.setRangeText(value, text.selectionStart, text.selectionEnd, "end");
  fitText();
  text.focus();
}

export function fitText() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
}

export function wireComposer(store) {
  async function submit() {
    const value = text.value;
    if (!value.trim()) return;
    const { kind, number } = store.chat;
    text.value = "";
    fitText();
    const quoteId = quoted?.id ?? null;
    const sent = await attempt(() => api.say({ person: store.me, kind, number, text: value, quote: quoteId }));
    if (sent) quote(null);
    else if (!text.value) text.value = value;
    fitText();
  }

  async function sendFile(input, picture) {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    const { kind, number } = store.chat;
    await attempt(() => api.upload({ person: store.me, kind, number, file, picture }));
  }

  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener("input", fitText);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape") {
      quote(null);
    }
  });
  text.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find((item) => item.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    const { kind, number } = store.chat;
    attempt(() => api.upload({ person: store.me, kind, number, file, picture: true }));
  });
  byId("quoting-cancel").addEventListener("click", () => quote(null));
  byId("at-bot").addEventListener("click", () => insert(`@${store.state.bot.name} `));
  byId("pick-file").addEventListener("click", () => byId("file").click());
  byId("pick-picture").addEventListener("click", () => byId("picture").click());
  byId("file").addEventListener("change", (event) => sendFile(event.target, false));
  byId("picture").addEventListener("change", (event) => sendFile(event.target, true));
}
