// The floor's page: the player is drawn from the questions that came with the page; its kernel is
// asked for meanwhile. Nothing of JupyterLab, nothing from another host, nothing that plain http
// withholds.
import player from "../player";
import type { Line } from "./kernel";
import { Kernel } from "./kernel";
import type { Model, State } from "./model";
import { Outbox } from "./outbox";
import { StatusLine, askBeforeNext, followLang, pageLang, panel, watchIdle } from "./shell";

interface Widget {
  initialize?: (props: { model: Model }) => unknown;
  render?: (props: { model: Model; el: HTMLElement }) => unknown;
}

const { base = "/", lapse = "900", page = "", visit = "", day = "" } = document.body.dataset;
const line = new StatusLine();

/** The floor's player came with this script; any other widget's module comes in its state. */
async function moduleOf(state: State): Promise<Widget> {
  if (state._anywidget_id === "kefu.floor.player.FloorPlayer") return player;
  if (typeof state._css === "string") {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(state._css);
    document.adoptedStyleSheets.push(sheet);
  }
  const url = URL.createObjectURL(new Blob([String(state._esm)], { type: "text/javascript" }));
  const loaded = (await import(url)) as { default?: Widget | (() => Widget | Promise<Widget>) };
  const widget = loaded.default ?? (loaded as Widget);
  return typeof widget === "function" ? widget() : widget;
}

/** The questions that the page brought along; null where only the kernel has them. */
function brought(): State | null {
  const text = document.getElementById("state")?.textContent;
  return text ? (JSON.parse(text) as State) : null;
}

/** What was picked of the question that came drawn, before this script did. */
function picked(app: HTMLElement): State[] {
  const form = app.querySelector<HTMLFormElement>("form[data-item]");
  const ids = form ? new FormData(form).getAll("pick") : [];
  if (!form || !ids.length) return [];
  const response = form.querySelector("[type=radio]") ? { option: ids[0] } : { options: ids };
  return [{ ...form.dataset, response }];
}

function run(app: HTMLElement): void {
  const outbox = new Outbox(`${visit} ${day}`);

  const draw = (widget: Widget, model: Model) => {
    const early = document.body.classList.contains("ready") ? null : app.firstElementChild;
    const el = (early as HTMLElement) ?? app.appendChild(document.createElement("div"));
    document.getElementById("wait")?.remove();
    widget.render?.({ model, el });
    document.body.classList.add("ready");
  };
  const begin = (states: State[]) => {
    states.forEach(async (state, n) => {
      const model = kernel.model(n, { ...state, lang: pageLang() });
      try {
        const widget = await moduleOf(state);
        await widget.initialize?.({ model });
        draw(widget, model);
      } catch {
        panel("again");
      }
    });
  };
  const putAway = () => {
    kernel.drop();
    outbox.clear();
    line.clear();
    panel("closed");
  };
  const tell = (now: Line) => {
    app.dataset.kernel = kernel.id;
    if (now === "over") putAway();
    else line[now]();
  };
  const kernel = new Kernel({ base, page, visit, day }, outbox, tell, begin);

  const state = brought();
  const unsent = [...outbox.all().map(({ content }) => content), ...picked(app)];
  if (state) draw(player, kernel.model(0, { ...state, unsent, lang: pageLang() }));
  // The first frame comes first.
  requestAnimationFrame(() => setTimeout(() => void kernel.seek()));

  followLang(app, base);
  watchIdle(base, Number(lapse), putAway);
  addEventListener("offline", () => line.lost());
  addEventListener("online", () => kernel.check());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) kernel.check();
  });
  addEventListener("submit", (event) => {
    // The next person's page is on its way: nothing of this one is tried again.
    const { method } = event.target as HTMLFormElement;
    if (method === "post" && !event.defaultPrevented) kernel.drop();
  });
  addEventListener("pagehide", () => {
    kernel.leave();
    // A page taken out of the browser's drawer has no kernel any more, and is looked at by whoever
    // pressed "back": it must not show for a moment what the last person answered.
    app.replaceChildren();
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

/** A page that could not open comes back by itself when the house does. */
function waitForTheHouse(): void {
  setInterval(async () => {
    try {
      const reply = await fetch(`${base}health`, { cache: "no-store" });
      if (reply.ok && (await reply.json()).room) location.reload();
    } catch {
      // not yet
    }
  }, 4000);
}

askBeforeNext();
const app = document.getElementById("app");
if (app) run(app);
else if (document.body.matches(".away, .full")) waitForTheHouse();
else if (!document.body.matches(".missing")) panel("again");
