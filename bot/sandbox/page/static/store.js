// 网页记住的东西：服务端的状态、我是谁、看到哪里；怎样算未读也在这里。

export class Store {
  constructor() {
    this.state = { bot: { qq: 0, name: "" }, people: [], groups: [], messages: [], notices: [], now: "", clock: false };
    this.me = Number(sessionStorage.getItem("me")) || 0;
    this.active = {}; // 每个人停留的会话
    this.seen = {}; // `${qq}/${会话}` → 看过的最后一条 index
    this.drafts = {}; // 同样的键 → 没发出去的字
    this.loaded = false;
  }

  get draft() {
    return this.drafts[`${this.me}/${this.chat.key}`] ?? "";
  }

  set draft(value) {
    this.drafts[`${this.me}/${this.chat.key}`] = value;
  }

  load(state) {
    this.state = state;
    if (!state.people.some((person) => person.qq === this.me)) this.me = state.people[0]?.qq ?? 0;
    if (this.loaded) return;
    this.loaded = true;
    this.baseline = state.messages.at(-1)?.index ?? -1; // 打开网页以前的都算看过
  }

  become(qq) {
    this.me = qq;
    sessionStorage.setItem("me", String(qq));
  }

  get person() {
    return this.state.people.find((person) => person.qq === this.me);
  }

  keep(message) {
    const at = this.state.messages.findIndex((item) => item.id === message.id);
    if (at >= 0) this.state.messages[at] = message;
    else this.state.messages.push(message);
  }

  /** 重读状态时可能已经有了；新的才返回 true。 */
  keepNotice(notice) {
    const text = JSON.stringify(notice);
    if (this.state.notices.some((item) => JSON.stringify(item) === text)) return false;
    this.state.notices.push(notice);
    return true;
  }

  chatsOf(qq) {
    const groups = this.state.groups.filter((group) => group.members.some((member) => member.qq === qq));
    return [
      ...groups.map((group) => this.#chat(qq, "group", group.id, group.name)),
      this.#chat(qq, "private", qq, this.state.bot.name),
    ];
  }

  #chat(qq, kind, number, name) {
    const key = `${kind}-${number}`;
    const messages = this.state.messages.filter((item) => item.kind === kind && item.number === number);
    const start = this.seen[`${qq}/${key}`] ?? this.baseline;
    const unread = messages.filter((item) => item.index > start && item.sender !== qq && !item.recalled);
    const last = messages.at(-1);
    const speaker = last && kind === "group" ? `${last.sender === qq ? "我" : last.name}：` : "";
    return {
      key,
      kind,
      number,
      name,
      preview: last ? speaker + last.preview : "",
      unread: unread.length,
      mentioned: unread.some((item) => item.everyone || item.mentions.includes(qq)),
    };
  }

  get chat() {
    const chats = this.chatsOf(this.me);
    return chats.find((chat) => chat.key === this.active[this.me]) ?? chats[0];
  }

  get group() {
    const { kind, number } = this.chat;
    return kind === "group" ? this.state.groups.find((group) => group.id === number) : null;
  }

  /** 当前会话的消息与灰字提示，按先后。 */
  itemsOf({ kind, number }) {
    const here = (item) => item.kind === kind && item.number === number;
    return [...this.state.messages.filter(here), ...this.state.notices.filter(here)].sort((a, b) => a.index - b.index);
  }

  markSeen() {
    this.seen[`${this.me}/${this.chat.key}`] = this.state.messages.at(-1)?.index ?? -1;
  }

  unreadOf(qq) {
    return this.chatsOf(qq).reduce((sum, chat) => sum + chat.unread, 0);
  }
}
