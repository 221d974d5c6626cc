// The floor's page: finds the kernel that came with it, and runs the widget's own module in place.
// Nothing of JupyterLab, nothing from another host, nothing that plain http withholds.
import type { Line } from "./kernel";
import { Kernel, placeOf } from "./kernel";
import type { Model, State } from "./model";
import { StatusLine, askBeforeNext, followLang, pageLang, panel, watchIdle } from "./shell";

type Render = (props: { model: Model; el: HTMLElement }) => unknown;
interface Widget {
  initialize?: (props: { model: Model }) => unknown;
  render?: Render;
}

const { base = "/", lapse = "900", player = "" } = document.body.dataset;
const line = new StatusLine();

/** Our player comes from this server, hashed and cached; another widget's module from its state. */
async function moduleOf(state: State): Promise<Widget> {
  const own = state._anywidget_id === "kefu.player.Player";
  const url = own
    ? new URL(player, location.href).href
    : URL.createObjectURL(new Blob([String(state._esm)], { type: "text/javascript" }));
  if (!own && typeof state._css === "string") {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(state._css);
    document.adoptedStyleSheets.push(sheet);
  }
  const loaded = (await import(url)) as { default?: Widget | (() => Widget | Promise<Widget>) };
  const widget = loaded.default ?? (loaded as Widget);
  return typeof widget === "function" ? widget() : widget;
}

function run(app: HTMLElement): void {
  const place = placeOf(document, base);
  if (!place) return panel("again");
  const views = [...app.querySelectorAll<HTMLElement>("[data-view]")];

  const begin = (states: State[]) => {
    states.forEach(async (state, n) => {
      const model = kernel.model(n, { ...state, lang: pageLang() });
      try {
        const widget = await moduleOf(state);
        await widget.initialize?.({ model });
        document.getElementById("wait")?.remove();
        await widget.render?.({ model, el: views[n]! });
        document.body.classList.add("ready");
      } catch {
        panel("again");
      }
    });
  };
  const putAway = () => {
    navigator.sendBeacon(`${base}kernels/${kernel.id}/leave`);
    kernel.drop();
    line.clear();
    panel("closed");
  };
  const tell = (now: Line) => {
    if (now === "lost") line.lost();
    else if (now === "ready") line.ready();
    else if (now === "over") putAway();
  };
  const kernel = new Kernel(place, tell, begin);

  followLang(app, base);
  watchIdle(base, Number(lapse), putAway);
  addEventListener("offline", () => line.lost());
  addEventListener("online", () => kernel.check());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) kernel.check();
  });
  addEventListener("pagehide", () => {
    navigator.sendBeacon(`${base}kernels/${kernel.id}/leave`);
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
      if ((await fetch(`${base}health`, { cache: "no-store" })).ok) location.reload();
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
