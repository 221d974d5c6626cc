import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Card } from "../src/contract";
import { moves } from "../src/feelings";
import { kindOf } from "../src/kinds";
import { MOST, open, walk } from "../src/kinds/dialogue";
import { graded, receipt, show, text, verdict } from "./setup";

beforeEach(() => {
  vi.useFakeTimers();
  Element.prototype.scrollIntoView = () => {};
});
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const saying = (id: string, to: string, anger: number, trust: number, needs = {}) => ({
  id,
  text: text(id),
  to,
  anger,
  trust,
  needs,
});

/** hear → ask or blame; `ask` may loop, `soothe` wants a calm customer. */
const card: Card = {
  item: "shop--talk",
  version: "aaaaaaaaaaaaaaaa",
  room: "practice",
  kind: "dialogue",
  prompt: text("talk"),
  start: "n0",
  anger: 8,
  trust: 1,
  nodes: {
    n0: {
      customer: text("angry"),
      ending: null,
      says: [saying("hear", "n1", -3, 2), saying("blame", "lost", 4, -3)],
    },
    n1: {
      customer: text("well"),
      ending: null,
      says: [
        saying("ask", "n1", -1, 0),
        saying("mend", "done", -9, 9),
        saying("soothe", "done", 0, 0, { anger_max: 4 }),
      ],
    },
    done: { customer: text("thanks"), ending: text("mended"), says: [] },
    lost: { customer: null, ending: text("gone"), says: [] },
  },
};
const parts = [
  { id: "hear", credit: 1, why: text("why-hear") },
  { id: "mend", credit: 0.6, why: text("why-mend") },
];
const judged = verdict({ parts, outcome: 1, credit: 0.86, expert: { path: ["hear", "ask", "soothe"] } });
const kind = kindOf("dialogue");
type Shown = Awaited<ReturnType<typeof show>>;
const choices = (view: Shown) => view.all(".k-say").map((one) => one.textContent);
const spoken = (view: Shown) => view.one("p.k-sr[role=status]").textContent;

describe("walking", () => {
  it("feelings stay within 0 to 10", () => {
    expect(walk(card, ["blame"])!.states[1]).toEqual({ node: "lost", anger: 10, trust: 0 });
    expect(walk(card, ["hear", "mend"])!.states[2]).toEqual({ node: "done", anger: 0, trust: 10 });
  });
  it("what the agent sees at a moment stands before the customer's words", async () => {
    const nodes = { ...card.nodes!, n0: { ...card.nodes!.n0!, scene: text("the clock says ten") } };
    const view = await show([{ ...card, nodes }]);
    expect(view.words()).toMatch(/the clock says ten en.*angry en/s);
  });

  it("what the customer is too angry for may not be said, and is not shown", () => {
    const at = walk(card, ["hear"])!.states[1]!;
    expect(open(card, at).map(({ id }) => id)).toEqual(["ask", "mend"]);
    expect(walk(card, ["hear", "soothe"])).toBe(null);
    expect(walk(card, ["hear", "ask", "soothe"])).not.toBe(null);
  });
  it("a path that nobody could have taken, or too long a one, is none", () => {
    expect(walk(card, ["mend"])).toBe(null);
    expect(walk(card, ["hear", ...Array(MOST).fill("ask")])).toBe(null);
    for (const raw of [null, 3, {}, { path: [] }, { path: ["hear"] }, { path: "blame" }, { path: [3] }])
      expect(kind.read(card, raw)).toBe(null);
  });
  it("only a path to an ending is complete", () => {
    expect(kind.isComplete(card, { path: ["hear"] })).toBe(false);
    expect(kind.isComplete(card, { path: ["hear", "mend"] })).toBe(true);
  });
  it("sayings are mixed within their node and the path stays the same", () => {
    const turned = kind.mixed!(card, (list) => [...list].reverse());
    expect(turned.nodes!.n0!.says.map(({ id }) => id)).toEqual(["blame", "hear"]);
    expect(kind.isComplete(turned, { path: ["hear", "mend"] })).toBe(true);
  });
  it("it is described by its length and its ending", () => {
    expect(kind.describe(card, { path: ["blame"] }, "en")).toBe("1 turn; gone en");
    expect(kind.describe(card, { path: ["hear", "mend"] }, "zh")).toBe("说了 2 句；mended中");
    expect(kind.describe(card, { path: [] }, "en")).toBe("");
  });
  it("moves are told with their sign", () => {
    expect(moves({ anger: 8, trust: 2 }, { anger: 6, trust: 2 }, "zh")).toBe("火气 −2 · 信任 没变");
    expect(moves({ anger: 8, trust: 2 }, { anger: 9, trust: 4 }, "en")).toBe("Anger +1 · Trust +2");
  });
});

describe("talking", () => {
  it("one tap says it: the answer comes, the feelings move, the focus goes on", async () => {
    const view = await show([card]);
    expect(choices(view)).toEqual(["hear en", "blame en"]);
    expect(view.one(".k-mood").textContent).toBe("Anger 8/10Trust 1/10");
    await view.tap("hear en");
    expect(view.all(".k-turn").map((one) => one.textContent)).toEqual([
      "Customerangry en",
      "Youhear en",
      "Customerwell en",
    ]);
    expect(choices(view)).toEqual(["ask en", "mend en"]);
    expect(view.one(".k-mood").textContent).toBe("Anger 5/10−3Trust 3/10+2");
    expect(document.activeElement?.textContent).toContain("Turn 2");
    expect(spoken(view)).toBe("Customer: well en Anger 5, trust 3.");
    expect(view.model.sent).toEqual([]);
  });

  it("a second tap at the same spot says nothing more", async () => {
    const view = await show([card]);
    view.button("hear en").dispatchEvent(new MouseEvent("click", { detail: 2, bubbles: true }));
    expect(choices(view)).toEqual(["hear en", "blame en"]);
  });

  it("an unfinished conversation is not sent, and a calm line says why", async () => {
    const view = await show([card]);
    await view.tap("hear en");
    await view.tap("Check");
    expect(view.model.sent).toEqual([]);
    expect(view.one(".k-status").textContent).toContain("not over yet");
    expect(document.activeElement?.textContent).toBe("ask en");
  });

  it("in practice one may go back step by step and try another way", async () => {
    const view = await show([card]);
    await view.tap("hear en");
    await view.tap("mend en");
    expect(view.one(".k-ending").textContent).toBe("How it endedmended en");
    expect(document.activeElement).toBe(view.one(".k-ending"));
    await view.tap("Take back one turn");
    expect(choices(view)).toEqual(["ask en", "mend en"]);
    expect(spoken(view)).toContain("Back to turn 2.");
    await view.tap("Take back one turn");
    await view.tap("blame en");
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ path: ["blame"] });
  });

  it("what was said stays when the language is switched", async () => {
    const view = await show([card]);
    await view.tap("hear en");
    await view.tap("中文");
    expect(view.all(".k-turn").map((one) => one.textContent)).toContain("你hear中");
    expect(view.one(".k-mood").textContent).toBe("火气 5/10−3信任 3/10+2");
    expect(choices(view)).toEqual(["ask中", "mend中"]);
  });

  it("a conversation that never ends is stopped", async () => {
    const long = { ...card, anger: 10 };
    long.nodes = { ...card.nodes, n1: { ...card.nodes!.n1!, says: [saying("ask", "n1", 0, 0)] } };
    const view = await show([long]);
    await view.tap("hear en");
    for (let n = 1; n < MOST; n += 1) await view.tap("ask en");
    expect(choices(view)).toEqual([]);
    expect(view.words()).toContain("very long");
    await view.tap("Take back one turn");
    expect(choices(view)).toEqual(["ask en"]);
  });
});

describe("the end", () => {
  const path = ["hear", "mend"];

  it("the path is replayed with credit, reason and moves, and the feelings are plotted", async () => {
    const view = await show([card], { receipts: { [card.item]: receipt(card, { path }, { verdict: judged }) }, pace: "all" });
    expect(view.all(".k-agent .k-why").map((one) => one.textContent)).toEqual([
      "✓full creditwhy-hear enAnger −3 · Trust +2",
      "◐60% creditwhy-mend enAnger −5 · Trust +7",
    ]);
    expect(view.one(".k-replay").textContent).toBe("Turn by turn◐86% credit");
    expect(view.one(".k-ending .k-why").textContent).toBe("✓full credit");
    expect(view.one("svg title").textContent).toBe("Anger went from 8 to 0, trust from 1 to 10");
    const rows = view.all(".k-plot tbody tr").map((row) => [...row.children].map((one) => one.textContent));
    expect(rows).toEqual([["start", "8", "1"], ["1", "5", "3"], ["2", "0", "10"]]);
    expect(view.all(".k-way li").map((one) => one.textContent)).toEqual(["1hear en", "2ask en", "3soothe en"]);
    expect(view.all(".k-mood, .k-say, .k-backs")).toEqual([]);
  });

  it("a part of another saying is not shown beside this one", async () => {
    const odd = verdict({ parts: [parts[1]!, parts[0]!], outcome: 1 });
    const view = await show([card], { receipts: { [card.item]: receipt(card, { path }, { verdict: odd }) }, pace: "all" });
    expect(view.all(".k-agent .k-why")).toEqual([]);
  });

  it("graded shows no gauge before the ending, then the plot, and no credit at all", async () => {
    const view = await show([graded(card)]);
    expect(view.all(".k-mood, .k-plot")).toEqual([]);
    await view.tap("hear en");
    expect(view.all(".k-mood, .k-plot")).toEqual([]);
    expect(spoken(view)).toBe("Customer: well en");
    expect(view.button("Take back one turn")).toBe(undefined);
    await view.tap("mend en");
    expect(view.all(".k-plot")).toHaveLength(1);
    await view.tap("Save answer");
    const done = receipt(graded(card), { path }, { verdict: judged });
    await view.model.say({ did: "saved", id: view.model.sent[0]!.id, receipt: done });
    expect(view.one(".k-status").textContent).toBe("✓saved");
    expect(view.all(".k-why, .k-replay, .k-way")).toEqual([]);
  });

  it("after saving, graded may start over, and a later whole answer counts", async () => {
    const one = graded(card);
    const view = await show([one], { receipts: { [one.item]: receipt(one, { path }) }, pace: "all" });
    await view.tap("Start over");
    expect(view.words()).toContain("This change is not saved yet");
    await view.tap("blame en");
    await view.tap("Save answer");
    expect(view.model.sent[0]!.response).toEqual({ path: ["blame"] });
  });
});
