// 与服务端往来：读状态、写操作、听推送。

async function request(path, options) {
  const response = await fetch(path, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `出错了（${response.status}）`);
  return body;
}

const post = (path, body, type = "application/json") =>
  request(path, { method: "POST", headers: { "Content-Type": type, "X-Sandbox": "1" }, body });

export const readState = () => request("/api/state");
export const say = (message) => post("/api/say", JSON.stringify(message));
export const recall = (person, id) => post("/api/recall", JSON.stringify({ person, id }));
export const moveClock = (target) => post("/api/clock", JSON.stringify(target));

export function upload({ person, kind, number, file, picture }) {
  const query = new URLSearchParams({ person, kind, number, name: file.name, as: picture ? "picture" : "file" });
  return post(`/api/file?${query}`, file, "application/octet-stream");
}

/** 断线由浏览器自动重连；重连后 onOpen 再读一次全部状态，什么也不会漏。 */
export function listen(onOpen, onEvent) {
  const source = new EventSource("/api/live");
  source.addEventListener("open", onOpen);
  source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
  source.addEventListener("error", () => onEvent({ event: "lost" }));
}
