// The words and the manners of the page around the player.

type Lang = "zh" | "en";

const words = {
  offline: {
    zh: "没有网络，已替您留着。连上就接着来。",
    en: "No network. Your answer is kept and goes on once it is back.",
  },
  lost: {
    zh: "连接断了，已替您留着，正在接上。",
    en: "Connection lost; your answer is kept. Connecting again.",
  },
  full: {
    zh: "现在人比较多，已替您留着，有空位就接上。",
    en: "Many people just now; your answers are kept. It connects as soon as there is room.",
  },
  back: { zh: "连上了。", en: "Connected again." },
} as const;

const byId = (id: string) => document.getElementById(id);
const langOf = (tag: string): Lang => (tag.startsWith("en") ? "en" : "zh");

export const pageLang = (): Lang => langOf(document.documentElement.lang);

/** The page follows the player's switch, and the device remembers it. */
export function followLang(app: HTMLElement, base: string): void {
  const follow = () => {
    const tag = app.querySelector(".kefu")?.getAttribute("lang");
    if (!tag || tag === document.documentElement.lang) return;
    document.documentElement.lang = tag;
    const title = document.querySelector("title");
    document.title = title?.dataset[langOf(tag)] ?? document.title;
    document.cookie = `kefu-lang=${langOf(tag)}; path=${base}; max-age=31536000; SameSite=Lax`;
  };
  new MutationObserver(follow).observe(app, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["lang"],
  });
  follow();
}

/** One calm line about the connection; a hiccup shorter than a breath is not mentioned. */
export class StatusLine {
  private timer = 0;
  private shown: keyof typeof words | null = null;

  lost(): void {
    if (!navigator.onLine) this.show("offline");
    else if (!this.shown || this.shown === "back")
      this.timer ||= window.setTimeout(() => this.show("lost"), 1200);
  }

  full(): void {
    this.show("full");
  }

  ready(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.shown || this.shown === "back") return;
    this.show("back");
    setTimeout(() => this.shown === "back" && this.show(null), 2500);
  }

  clear(): void {
    this.show(null);
  }

  private show(word: keyof typeof words | null): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (word === this.shown) return; // or a screen reader would say it again
    this.shown = word;
    const line = byId("line");
    if (!line) return;
    line.replaceChildren();
    if (!word) return;
    const text = document.createElement("p");
    for (const [lang, tag] of [
      ["zh", "zh-CN"],
      ["en", "en"],
    ] as const) {
      const part = document.createElement("span");
      part.lang = tag;
      part.textContent = words[word][lang];
      text.append(part);
    }
    line.append(text);
  }
}

/** “Next person” asks once, so that a slip of the thumb costs nothing. */
export function askBeforeNext(): void {
  const dialog = byId("next") as HTMLDialogElement | null;
  byId("next-form")?.addEventListener("submit", (event) => {
    if (!dialog?.showModal || !byId("app")?.hasChildNodes()) return;
    event.preventDefault();
    dialog.showModal();
  });
}

/** Shows one of the page's own panels in place of the player. */
export function panel(id: "closed" | "again"): void {
  byId("app")?.replaceChildren();
  byId("wait")?.remove();
  (byId("next") as HTMLDialogElement | null)?.close?.();
  for (const name of ["closed", "again"]) byId(name)?.toggleAttribute("hidden", name !== id);
  byId(id)?.querySelector("button")?.focus();
}

/** Puts the page away when nobody touched it for `lapse` seconds, and tells the house who stays. */
export function watchIdle(base: string, lapse: number, over: () => void): void {
  let touched = Date.now();
  let told = touched;
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    over();
  };
  const look = () => {
    if (Date.now() - touched > lapse * 1000) end();
  };
  const touch = () => {
    look(); // the first touch after a long absence comes too late
    if (ended) return;
    touched = Date.now();
    if (touched - told < Math.min(60, lapse / 4) * 1000) return;
    told = touched;
    fetch(`${base}stay`, { method: "POST" }).then(
      (reply) => reply.status === 410 && end(),
      () => undefined, // no network: the page says so elsewhere
    );
  };
  for (const event of ["pointerdown", "keydown", "scroll"])
    addEventListener(event, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  setInterval(look, Math.min(10, lapse / 4) * 1000);
}
