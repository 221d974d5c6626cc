// The player: an anywidget module. It reads cards and receipts, and tells answers to the kernel.
import { render as draw } from "preact";
import { Answers } from "./answers";
import { Ask, Asking, readAppealing } from "./appeal";
import { Calls } from "./calls";
import type { Card, HandInOrder, Lang, Model } from "./contract";
import { isObject, newId, readCards, readText, same } from "./contract";
import { Errand, HandIn } from "./handin";
import { isKnown, isSilent } from "./kinds";
import { CourseOrLesson, readCount, said } from "./map";
import { mixed } from "./mix";
import { T, tag } from "./parts";
import { Question } from "./question";
import { onSight } from "./sight";
import { Summary } from "./summary";
import { say } from "./words";

// `pace`, since `layout` is taken by every Jupyter widget.
const traits = [
  "cards",
  "receipts",
  "pace",
  "lang",
  "title",
  "notice",
  "handin",
  "seed",
  "progress",
  "map",
] as const;

const readLang = (raw: unknown): Lang => (raw === "en" ? "en" : "zh");

function readHandIn(raw: unknown): HandInOrder | null {
  if (!isObject(raw) || typeof raw.set !== "string" || !Array.isArray(raw.items)) return null;
  return { set: raw.set, items: raw.items.map(String), appealing: readAppealing(raw) };
}

const readMixed = (model: Model): Card[] =>
  readCards(model.get("cards")).map((card) => mixed(card, String(model.get("seed") ?? "")));

const readKnown = (model: Model): Card[] =>
  readMixed(model).filter((card) => isKnown(card.kind));

/** What one view remembers for itself; the kernel knows nothing of it. */
interface View {
  model: Model;
  answers: Answers;
  calls: Calls;
  errand: Errand;
  asking: Asking;
  uid: string;
  lang: Lang;
  /** The question shown where they come one at a time; behind the last one stands the summary. */
  at: number;
  /** The learner has turned a page, so that the focus follows. */
  turned: boolean;
  /** The last line said to whoever listens rather than looks. */
  spoken: string;
}

function Player({ view, set }: { view: View; set(change: Partial<View>): void }) {
  const { model, answers, uid, lang } = view;
  const cards = readMixed(model);
  const one = model.get("pace") !== "all" && cards.length > 1;
  const done = cards.map((card) => isKnown(card.kind) && answers.slot(card).receipt !== null);
  const at = Math.min(view.at, cards.length);
  const turn = (to: number) => set({ at: to, turned: true });
  const announce = (spoken: string) => set({ spoken });

  const order = readHandIn(model.get("handin"));
  const title = readText(model.get("title"));
  const notice = readText(model.get("notice"));
  const count = readCount(model.get("progress"));
  const chart = model.get("map");
  const marks = { n: at + 1, m: cards.length, k: done.filter(Boolean).length };

  const question = (card: Card, place: number) => (
    <Question
      key={`${card.item} ${card.version}`}
      card={card}
      lang={lang}
      answers={answers}
      uid={`${uid}-${card.item}`}
      label={say(lang, "question", { n: place + 1 })}
      story={one || place === 0 || !same(card.turns, cards[place - 1]?.turns)}
      focused={one && view.turned}
      announce={announce}
      call={(message) => view.calls.call(message)}
      back={one && place > 0 ? () => turn(place - 1) : undefined}
      next={
        one
          ? {
              label: say(lang, place + 1 < cards.length ? "next" : "toSummary"),
              go: () => turn(place + 1),
            }
          : undefined
      }
    />
  );
  let body;
  if (order)
    body = (
      <>
        <HandIn {...{ order, errand: view.errand, receipts: model.get("receipts"), uid, lang }} />
        <Ask {...{ order, asking: view.asking, uid: `${uid}-ask`, lang }} />
      </>
    );
  else if (chart) body = <CourseOrLesson raw={chart} lang={lang} />;
  else if (cards.length === 0) body = notice ? null : <p class="k-soft">{say(lang, "nothing")}</p>;
  else if (!one) body = cards.map(question);
  else if (cards[at]) body = question(cards[at], at);
  else body = <Summary {...{ cards, lang, answers, focused: view.turned, open: turn }} />;

  return (
      <div class="kefu" lang={tag(lang)}>
        <div class="k-page">
          <div class="k-top">
            {title ? (
              <b>
                <T text={title} lang={lang} />
              </b>
            ) : (
              order && <b>{say(lang, "handIn")}</b>
            )}
            {one && !order && at < cards.length && (
              <Progress done={done} at={at} label={say(lang, "progress", marks)} />
            )}
            <button
              type="button"
              class="k-lang"
              lang={tag(lang === "zh" ? "en" : "zh")}
              onClick={() => set({ lang: lang === "zh" ? "en" : "zh", spoken: "" })}
            >
              {say(lang, "switchLanguage")}
            </button>
          </div>
          {notice && (
            <p class="k-calm" role="status">
              <T text={notice} lang={lang} />
            </p>
          )}
          {body}
          {count && <p class="k-count">{say(lang, "inLesson", { s: said(count, lang) })}</p>}
          <p class="k-sr" role="status">
            {view.spoken}
          </p>
        </div>
      </div>
  );
}

/** Short marks, one a question; many questions are told as a number instead. */
function Progress({ done, at, label }: { done: boolean[]; at: number; label: string }) {
  return (
    <span class="k-marks" role="img" aria-label={label}>
      {done.length > 10
        ? `${at + 1} / ${done.length}`
        : done.map((yes, place) => (
            <i key={place} class={`${yes ? "k-done" : ""} ${place === at ? "k-now" : ""}`} />
          ))}
    </span>
  );
}

/** Lab reads single keys as commands (“a” adds a cell), unless the focused element says not to. */
const ownKeys = (event: Event) =>
  (event.target as Element).setAttribute("data-lm-suppress-shortcuts", "true");

let views = 0;

export default {
  /** Draws one view of the model into `el`; what it returns takes it down again. */
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    // An id that no other view, nor another copy of this module, uses in the page.
    views += 1;
    const uid = `kefu-${views}-${newId().slice(0, 6)}`;
    const show = () => draw(<Player view={view} set={set} />, el);
    const view: View = {
      model,
      answers: new Answers(model, show),
      calls: new Calls(model),
      errand: new Errand(model, show),
      asking: new Asking(model, show),
      uid,
      lang: readLang(model.get("lang")),
      at: 0,
      turned: false,
      spoken: "",
    };
    const set = (change: Partial<View>) => {
      Object.assign(view, change);
      show();
    };
    const { answers, calls, errand, asking } = view;
    const hearers = [answers, errand, asking, calls];
    const restore = () => answers.restore(model.get("receipts"), readKnown(model));
    const on: [string, (...args: unknown[]) => void][] = [
      ["change:lang", () => (view.lang = readLang(model.get("lang")))],
      ["msg:custom", (message) => hearers.forEach((one) => one.hear(message))],
      ...traits.map((name): [string, () => void] => [`change:${name}`, restore]),
    ];
    for (const [name, handler] of on) model.on(name, handler);
    el.addEventListener("focusin", ownKeys);
    // A map that is turned to again asks for what was answered elsewhere meanwhile.
    const unsee = onSight(el, () => {
      if (model.get("map")) calls.call({ do: "count" }).catch(() => {}); // then it shows what it showed
    });
    // Draws as well, so that a restored answer never shows as an empty one. Opens at the first
    // question without an answer; with none left, at the summary.
    restore();
    answers.resume(model.get("unsent"), readKnown(model));
    const cards = readMixed(model);
    const left = (card: Card) => !isKnown(card.kind) || !answers.slot(card).receipt;
    const asked = cards.findIndex((card) => !isSilent(card.kind) && left(card));
    const open = asked < 0 && cards.every((card) => isSilent(card.kind)) ? 0 : asked;
    set({ at: open < 0 ? cards.length : open });
    return () => {
      for (const [name, handler] of on) model.off(name, handler);
      hearers.forEach((one) => one.close());
      el.removeEventListener("focusin", ownKeys);
      unsee();
      draw(null, el);
    };
  },
};
