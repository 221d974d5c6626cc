// An explorer: one request out at a time, and never a dead page that looks alive.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { leftAt, readSpec, readView, starts } from "../src/explorer/contract";
import { nearest } from "../src/explorer/controls";
import explorer from "../src/explorer/explorer";
import { PATIENCE } from "../src/explorer/looking";
import { words } from "../src/explorer/words";
import { FakeModel, settle, text } from "./setup";

const slider = {
  kind: "slider",
  name: "n",
  label: text("calls"),
  low: 10,
  high: 100,
  step: 10,
  start: 50,
  unit: text("unit"),
} as const;
const spec = {
  slug: "demo",
  title: text("title"),
  lead: text("lead"),
  controls: [
    slider,
    {
      kind: "choice",
      name: "way",
      label: text("way"),
      start: "a",
      options: ["a", "b"].map((value) => ({ value, text: text(value) })),
    },
    { kind: "switch", name: "endless", label: text("endless"), start: false },
    { kind: "press", name: "again", label: text("draw again") },
  ],
  question: text("why so"),
  answer: text("because"),
};
const start = { n: 50, way: "a", endless: false, again: 0 };
const view = (word: string, over: object = {}) => ({
  plot: {
    src: `data:image/svg+xml;base64,${word}`,
    alt: `${word} alt`,
    lang: "en",
    width: 461,
    height: 307,
  },
  said: [text(`${word} headline`), text(`${word} more`)],
  figures: [{ name: text("margin"), value: text("±4") }],
  hidden: [],
  ...over,
});

async function show({ view: first = view("first"), ...rest }: Record<string, unknown> = {}) {
  const el = document.body.appendChild(document.createElement("div"));
  const model = new FakeModel({ spec, lang: "en", seen: { did: "seen", n: 0, view: first }, ...rest });
  const stop = explorer.render({ model, el });
  await settle();
  const one = <E extends HTMLElement>(query: string) => el.querySelector<E>(query)!;
  const page = {
    el,
    model,
    stop,
    one,
    words: () => el.textContent ?? "",
    src: () => one<HTMLImageElement>("img")?.getAttribute("src")?.split(",")[1],
    button: (name: string) =>
      [...el.querySelectorAll("button")].find((each) => each.textContent?.trim() === name)!,
    async tap(name: string) {
      page.button(name).click();
      await settle();
    },
    async type(query: string, value: string, then = "input") {
      const input = one<HTMLInputElement>(query);
      input.value = value;
      for (const event of new Set(["input", then]))
        input.dispatchEvent(new Event(event, { bubbles: true }));
      await settle();
    },
    last: () => model.sent[model.sent.length - 1]!,
    /** The kernel answers the last request. */
    seen: (word: string, over: object = {}) =>
      model.put("seen", { ...page.last(), did: "seen", view: view(word, over) }),
  };
  return page;
}
const range = "input[type=range]";
const exact = ".k-exact input";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe("an explorer opens", () => {
  it("with the picture that came along, and asks for nothing", async () => {
    const page = await show();
    expect(page.model.sent).toEqual([]);
    expect(page.src()).toBe("first");
    expect(page.one<HTMLImageElement>("img").alt).toBe("first alt");
    expect(page.words()).toContain("first headline en");
    expect(page.words()).toContain("margin en±4 en");
    expect(page.words()).toContain("why so en");
  });

  it("drawn anew, with the settings, the language and the picture that were there last", async () => {
    const page = await show();
    await page.type(range, "80");
    await page.tap("中文");
    await page.seen("eighty");
    await page.seen("eighty zh", { plot: { ...view("eighty").plot, lang: "zh" } });
    page.stop();
    const anew = document.body.appendChild(document.createElement("div"));
    explorer.render({ model: page.model, el: anew });
    await settle();
    expect(anew.querySelector<HTMLInputElement>(range)!.value).toBe("80");
    expect(anew.querySelector<HTMLElement>(".k-explorer")!.lang).toBe("zh-CN");
    expect(anew.textContent).toContain("eighty zh headline中");
    expect(page.model.sent).toHaveLength(2);
  });

  it("with a control's start where what was kept is nothing of its sort", () => {
    const { controls } = readSpec(spec)!;
    const odd = { n: "70", way: 7, endless: true, other: 1 };
    expect(leftAt(controls, odd)).toEqual({ ...start, endless: true });
    expect(leftAt(controls, null)).toEqual(start);
  });

  it("and asks where none came along, or one in the other language", async () => {
    for (const traits of [{ view: {} }, { lang: "zh" }]) {
      const page = await show(traits);
      expect(page.model.sent).toMatchObject([{ do: "see", values: start }]);
    }
  });

  it.each([undefined, 7, {}, { title: "x" }])("calmly with no explorer: %j", async (bad) => {
    const page = await show({ spec: bad });
    expect(page.words()).toBe("There is nothing to try out here yet.");
    page.stop();
  });

  it("with every control labelled, and all words in either language", async () => {
    const page = await show();
    for (const input of page.el.querySelectorAll<HTMLInputElement>("input"))
      expect(input.labels?.length || input.getAttribute("aria-label")).toBeTruthy();
    expect(page.one("legend").textContent).toBe("way en");
    expect(page.one(range).getAttribute("aria-valuetext")).toBe("50 unit en");
    await page.tap("中文");
    expect(page.last()).toMatchObject({ values: start, lang: "zh" });
    expect(page.words()).toContain("first headline中");
    expect(page.one(".k-explorer").lang).toBe("zh-CN");
    // Until the other picture is there, the first one stays, under its own language.
    expect(page.one("img").lang).toBe("en");
  });
});

describe("while a slider is dragged", () => {
  it("one request is out, and after it the newest alone; the picture stays meanwhile", async () => {
    const page = await show();
    for (const n of ["60", "70", "80", "90"]) await page.type(range, n);
    expect(page.model.sent.map((each) => each.values.n)).toEqual([60]);
    expect(page.src()).toBe("first");
    await page.seen("sixty");
    expect(page.src()).toBe("sixty");
    expect(page.model.sent.map((each) => each.values.n)).toEqual([60, 90]);
    await page.seen("ninety");
    expect(page.model.sent).toHaveLength(2);
    expect(page.src()).toBe("ninety");
  });

  it("a reply to another view, an older one or to nobody changes nothing", async () => {
    const page = await show();
    await page.type(range, "60");
    const { n } = page.last();
    for (const other of [n + 1, n - 1, 0, "x", undefined])
      await page.model.say({ did: "seen", n: other, view: view("other") });
    await page.model.say({ did: "seen", n, view: 7 });
    await page.model.say("nonsense");
    expect(page.src()).toBe("first");
    await page.seen("mine");
    expect(page.src()).toBe("mine");
    await page.seen("twice");
    expect(page.src()).toBe("mine");
  });

  it("two views of one model number their requests apart", async () => {
    const [one, other] = [await show(), await show()];
    await one.type(range, "60");
    await other.type(range, "60");
    expect(one.last().n).not.toBe(other.last().n);
    expect(Number.isSafeInteger(one.last().n)).toBe(true);
  });
});

describe("the number beside a slider", () => {
  it("is taken when it is finished, at the nearest place the slider can stand on", async () => {
    const page = await show();
    await page.type(exact, "７３", "none");
    expect(page.model.sent).toEqual([]);
    await page.type(exact, "７３", "blur");
    expect(page.last().values.n).toBe(70);
    expect(page.one<HTMLInputElement>(exact).value).toBe("70");
    expect(page.one<HTMLInputElement>(range).value).toBe("70");
  });

  it("is taken at Enter", async () => {
    const page = await show();
    await page.type(exact, "999", "none");
    page.one(exact).dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    await settle();
    expect(page.last().values.n).toBe(100);
  });

  it("what is no number leaves all as it was", async () => {
    const page = await show();
    await page.type(exact, "many", "blur");
    expect(page.model.sent).toEqual([]);
    expect(page.one<HTMLInputElement>(exact).value).toBe("50");
  });

  it.each([
    ["0.07", { low: 0, high: 0.2, step: 0.01 }, 0.07],
    ["-5", { low: 0.5, high: 10, step: 0.5 }, 0.5],
    ["1，000", { low: 0, high: 995, step: 10 }, 990],
    ["12 %", { low: 0, high: 100, step: 5 }, 10],
    ["", {}, null],
    ["1e999", {}, null],
  ])("%s", (typed, over, found) => {
    expect(nearest({ ...slider, ...over }, typed)).toBe(found);
  });
});

describe("the other controls", () => {
  it("say what they are set to; a button counts its presses", async () => {
    const page = await show();
    page.el.querySelectorAll<HTMLInputElement>("input[type=radio]")[1]!.click();
    await page.seen("b");
    page.one<HTMLInputElement>("input[type=checkbox]").click();
    await page.seen("endless");
    await page.tap("draw again en");
    expect(page.last().values).toEqual({ n: 50, way: "b", endless: true, again: 1 });
    await page.seen("again");
    await page.tap("Back to the start");
    expect(page.last().values).toEqual(start);
  });

  it("that do not apply are not there, and keep what they were set to", async () => {
    const page = await show({ view: view("first", { hidden: ["n", "again"] }) });
    expect(page.one(range)).toBe(null);
    expect(page.button("draw again en")).toBe(undefined);
    page.one<HTMLInputElement>("input[type=checkbox]").click();
    await settle();
    expect(page.last().values.n).toBe(50);
    await page.seen("all", { hidden: [] });
    expect(page.one(range)).not.toBe(null);
  });

  it("a view without a picture is words alone", async () => {
    const page = await show({ view: view("first", { plot: null }) });
    expect(page.model.sent).toEqual([]);
    expect(page.one(".k-plot")).toBe(null);
    expect(page.words()).toContain("first headline");
  });

  it("a picture that goes leaves its room; one that comes later comes below", async () => {
    const page = await show();
    expect(page.one(".k-bench").classList.contains("k-bare")).toBe(false);
    await page.type(range, "60");
    await page.seen("none", { plot: null });
    expect(page.one(".k-blank").textContent).toBe("With these settings there is nothing to draw.");
    expect(page.one(".k-blank").style.aspectRatio).toBe("461 / 307");
    const late = await show({ view: view("first", { plot: null }) });
    await late.type(range, "60");
    await late.seen("there");
    expect(late.src()).toBe("there");
    expect(late.one(".k-bench").classList.contains("k-bare")).toBe(true);
  });
});

describe("when no answer comes", () => {
  it("one calm line says so, and the same settings can be sent again", async () => {
    const page = await show();
    await page.type(range, "80");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await settle();
    expect(page.words()).toContain("No reply yet");
    expect(page.one(".k-plot").classList.contains("k-old")).toBe(true);
    expect(page.src()).toBe("first");
    expect(page.one<HTMLInputElement>(range).value).toBe("80");
    await page.tap("Try again");
    expect(page.model.sent.map((each) => each.values.n)).toEqual([80, 80]);
    // The line stays until there is an answer; a second press sends nothing more.
    expect(page.words()).toContain("No reply yet");
    await page.tap("Drawing…");
    expect(page.model.sent).toHaveLength(2);
    await page.seen("eighty");
    expect(page.words()).not.toContain("No reply yet");
    expect(page.one(".k-plot").classList.contains("k-old")).toBe(false);
  });

  it("a late answer still counts", async () => {
    const page = await show();
    await page.type(range, "80");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await page.seen("eighty");
    expect(page.src()).toBe("eighty");
    expect(page.words()).not.toContain("No reply yet");
  });

  it("moving on asks anew, and an answer that was overtaken does not come back", async () => {
    const page = await show();
    await page.type(range, "80");
    const old = page.last().n;
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await page.type(range, "90");
    expect(page.model.sent.map((each) => each.values.n)).toEqual([80, 90]);
    await page.seen("ninety");
    await page.model.put("seen", { did: "seen", n: old, view: view("eighty") });
    expect(page.src()).toBe("ninety");
  });

  it("a line that is closed is said at once", async () => {
    const page = await show();
    page.model.send = () => {
      throw new Error("closed");
    };
    await page.type(range, "80");
    expect(page.words()).toContain("No reply yet");
  });

  it("what the kernel says went wrong is said in its words, and goes with the next view", async () => {
    const page = await show();
    await page.type(range, "80");
    await page.model.say({ did: "failed", n: page.last().n, why: text("too many") });
    expect(page.words()).toContain("too many en");
    expect(page.src()).toBe("first");
    await page.type(range, "70");
    await page.seen("seventy");
    expect(page.words()).not.toContain("too many");
  });

  it("a view that is taken down asks and says no more", async () => {
    const page = await show();
    await page.type(range, "80");
    page.stop();
    await vi.advanceTimersByTimeAsync(PATIENCE);
    expect(page.el.innerHTML).toBe("");
    expect(page.model.listeners()).toBe(0);
  });
});

describe("what the kernel sends", () => {
  it("is read with care: what is not whole is left out", () => {
    const odd = { ...spec, controls: [slider, 7, { kind: "slider", name: "x" }, { kind: "dial" }] };
    expect(readSpec(odd)!.controls).toEqual([slider]);
    expect(starts(readSpec(spec)!.controls)).toEqual(start);
    const seen = readView({ said: [text("a"), 7], figures: [7, { name: 1 }], hidden: [1] })!;
    expect(seen).toEqual({ plot: null, said: [text("a")], figures: [], hidden: ["1"] });
    expect(readView({ plot: {} })).toBe(null);
  });

  it("a picture is never fetched from anywhere", () => {
    const plot = { ...view("x").plot, src: "https://example.org/x.svg" };
    expect(readView(view("x", { plot }))!.plot).toBe(null);
  });
});

describe("the explorers' words", () => {
  it.each(Object.entries(words))("%s is said in both languages, calmly", (_, word) => {
    expect(word.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(word.en.trim()).not.toBe("");
    expect(word.zh + word.en).not.toMatch(/[!！]/);
    expect(word.zh).not.toMatch(/[\u4e00-\u9fff][,:;?][\u4e00-\u9fff]/);
  });
});
