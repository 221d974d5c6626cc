// An author's page: one scenario in the real player, drawn anew whenever its file is saved.
import type { Json, Model } from "./contract";
import type { Lang, Text } from "./words";

interface Answer {
  stamp: string;
  faults: Text[];
  state: Json;
  reply?: unknown;
}

// The player as everybody else gets it: the bundle beside this one.
const bundle = new URL("player.js", import.meta.url).href;
const { default: player } = (await import(bundle)) as typeof import("./player");

const stage = document.getElementById("stage")!;
const list = document.getElementById("faults")!;

let state: Json = {};
let stamp = "";
let heard: Record<string, ((...args: unknown[]) => void)[]> = {};
let close: () => void = () => {};

const fire = (event: string, ...args: unknown[]) => (heard[event] ?? []).forEach((f) => f(...args));

const model: Model = {
  get: (name) => state[name],
  on: (event, f) => void (heard[event] ??= []).push(f),
  off: (event, f) => void (heard[event] = (heard[event] ?? []).filter((g) => g !== f)),
  async send(content) {
    const answer = await ask("message", { method: "POST", body: JSON.stringify(content) });
    if (!answer) return; // the player says by itself that nothing came
    state = { ...state, receipts: answer.state.receipts };
    fire("change:receipts");
    fire("msg:custom", answer.reply, []);
  },
};

async function ask(path: string, init?: RequestInit): Promise<Answer | null> {
  try {
    const response = await fetch(path, init);
    return response.ok ? ((await response.json()) as Answer) : null;
  } catch {
    return null;
  }
}

/** Shows what the files say now; the language that the author has switched to stays. */
async function show(): Promise<void> {
  const answer = await ask("state");
  if (!answer || answer.stamp === stamp) return;
  const lang = (stage.querySelector<HTMLElement>(".kefu")?.lang ?? "").slice(0, 2) as Lang;
  const top = scrollY;
  close();
  heard = {};
  ({ stamp, state } = answer);
  if (lang) state = { ...state, lang };
  const mine: Lang = state.lang === "en" ? "en" : "zh";
  list.className = answer.faults.length ? "kefu" : "";
  list.replaceChildren(
    ...answer.faults.map((fault) => {
      const line = document.createElement("p");
      line.className = "k-calm";
      line.lang = mine === "zh" ? "zh-CN" : "en";
      line.textContent = fault[mine];
      return line;
    }),
  );
  close = player.render({ model, el: stage });
  scrollTo(0, top);
}

await show();
document.body.dataset.ready = "yes";
// The browser itself connects again when the command is started anew.
new EventSource("changes").onmessage = () => void show();
