// review: a call on one side, a scorecard on the other; one score a behaviour, and critical errors.
import { Component } from "preact";
import type { Card, Criterion, Part } from "../contract";
import { isObject } from "../contract";
import { Sign, T, Why } from "../parts";
import type { Lang, Tone } from "../words";
import { credit, say, speaker } from "../words";
import type { Kind, ViewProps } from "./kind";

const missing = { zh: "每一项都打一个分。", en: "Give every behaviour a score." };
const own = speaker({
  call: { zh: "这通电话", en: "The call" },
  system: { zh: "系统", en: "System" },
  toCall: { zh: "看通话", en: "To the call" },
  toSheet: { zh: "去打分", en: "To the scorecard" },
  points: { zh: "{n} 分", en: "{n}" },
  weight: { zh: "权重 {n}", en: "weight {n}" },
  expert: { zh: "参考", en: "expert" },
  same: { zh: "和参考一样，{n} 分", en: "as the expert: {n}" },
  above: {
    zh: "比参考高 {d} 分：你 {n} 分，参考 {m} 分",
    en: "{d} points above the expert: you {n}, expert {m}",
  },
  aboveOne: {
    zh: "比参考高 1 分：你 {n} 分，参考 {m} 分",
    en: "one point above the expert: you {n}, expert {m}",
  },
  below: {
    zh: "比参考低 {d} 分：你 {n} 分，参考 {m} 分",
    en: "{d} points below the expert: you {n}, expert {m}",
  },
  belowOne: {
    zh: "比参考低 1 分：你 {n} 分，参考 {m} 分",
    en: "one point below the expert: you {n}, expert {m}",
  },
  critical: { zh: "严重错误：有就勾出来，没有就不勾", en: "Critical errors: tick any that the call has" },
  found: { zh: "查出来了", en: "found" },
  missed: { zh: "漏了，这通电话里有", en: "missed: the call has it" },
  alarm: { zh: "误报，这通电话里没有", en: "false alarm: the call does not have it" },
  clear: { zh: "没有，你也没勾", en: "not there, and you did not tick it" },
  kappa: {
    zh: "加权 κ = {k}，{w}：1 是完全一致，0 和碰巧差不多。只有 {n} 项，看个大概。",
    en: "Weighted kappa {k}, {w}: 1 is full agreement, 0 no better than chance. With {n} scores it is a rough guide.",
  },
  worse: { zh: "还不如碰巧", en: "less than chance" },
  little: { zh: "不太一致", en: "little agreement" },
  some: { zh: "有些一致", en: "some agreement" },
  much: { zh: "大体一致", en: "good agreement" },
  close: { zh: "很一致", en: "close agreement" },
  described: { zh: "打分 {s}；严重错误 {n} 处", en: "scores {s}; critical errors: {n}" },
});

const criteriaOf = (card: Card): Criterion[] => card.scorecard?.criteria ?? [];
const errorsOf = (card: Card): Part[] => card.scorecard?.critical ?? [];

const bands = [
  [0, "worse"],
  [0.4, "little"],
  [0.6, "some"],
  [0.8, "much"],
] as const;

/** What a kappa means, in one sentence; the bands are a rough guide only. */
export function readKappa(lang: Lang, kappa: number, n: number): string {
  const t = own(lang);
  const band = bands.find(([below]) => kappa < below)?.[1] ?? "close";
  const k = kappa.toFixed(2).replace("-", "−");
  return t("kappa", { k, w: t(band), n });
}

/** Where a score stands to the expert's, and in which direction. */
export function direction(lang: Lang, mine: number, expert: number): string {
  const t = own(lang);
  const d = Math.abs(mine - expert);
  const blanks = { d, n: mine, m: expert };
  if (!d) return t("same", blanks);
  if (mine > expert) return t(d === 1 ? "aboveOne" : "above", blanks);
  return t(d === 1 ? "belowOne" : "below", blanks);
}

/** What was said, by whom and when. */
function Call({ card, lang }: { card: Card; lang: Lang }) {
  const t = own(lang);
  const name = (who: string) =>
    who === "customer" || who === "agent" ? say(lang, who) : t("system");
  return (
    <ol class="k-lines" role="list">
      {(card.lines ?? []).map(({ who, at, text }, place) => (
        <li key={place} class={`k-line k-by-${who}`}>
          <small>
            {at && <time>{at}</time>} {name(who)}
          </small>
          <T text={text} lang={lang} />
        </li>
      ))}
    </ol>
  );
}

interface CriterionProps extends ViewProps {
  one: Criterion;
  put(score: number): void;
}

/** One behaviour, its levels from the lowest up, and how one's score stands to the expert's. */
function Behaviour(props: CriterionProps) {
  const { card, one, lang, value, locked, verdict, uid, put } = props;
  const t = own(lang);
  const mine = value.score?.[one.id];
  const part = verdict?.parts.find((each) => each.id === one.id);
  const expert = verdict ? review.read(card, verdict.expert)?.score?.[one.id] : undefined;
  const judged = part && credit(lang, part.credit);
  const why = `${uid}-${one.id}-why`;
  return (
    <fieldset class={locked ? "k-each k-locked" : "k-each"}>
      <legend>
        <T text={one.text} lang={lang} />
        {one.weight !== 1 && <small> · {t("weight", { n: one.weight })}</small>}
      </legend>
      <div class="k-opts">
        {one.levels.map(({ score, text }) => (
          <div key={score} class={mine === score ? "k-opt k-mine" : "k-opt"}>
            <label>
              <input
                type="radio"
                name={`${uid}-${one.id}`}
                checked={mine === score}
                disabled={locked}
                data-missing={mine === undefined ? true : undefined}
                aria-describedby={part && mine === score ? why : undefined}
                onChange={({ currentTarget: input }) => {
                  put(score);
                  input.focus({ preventScroll: true }); // Lab gives the focus of a click to the cell
                }}
              />
              <span>
                <b class="k-score">{t("points", { n: score })}</b> <T text={text} lang={lang} />
                {expert === score && <small class="k-here"> ← {t("expert")}</small>}
              </span>
            </label>
          </div>
        ))}
      </div>
      {part && judged && mine !== undefined && expert !== undefined && (
        <Why id={why} tone={judged.tone} sign={judged.sign} word={direction(lang, mine, expert)}>
          {part.why && <T text={part.why} lang={lang} />}
        </Why>
      )}
    </fieldset>
  );
}

/** The errors that no call may have, each there or not. */
function Errors({ card, lang, value, locked, verdict, uid, change }: ViewProps) {
  const t = own(lang);
  const ticked = value.critical ?? [];
  const ids = errorsOf(card).map((one) => one.id);
  if (!ids.length) return null;
  const judged = (right: boolean, mine: boolean): { sign: string; tone: Tone; word: string } => {
    const word = mine ? (right ? "found" : "alarm") : right ? "clear" : "missed";
    return { sign: right ? "✓" : "✗", tone: right ? "good" : "bad", word: t(word) };
  };
  return (
    <fieldset class={locked ? "k-each k-locked" : "k-each"}>
      <legend>{t("critical")}</legend>
      <div class="k-opts">
        {errorsOf(card).map(({ id, text }) => {
          const mine = ticked.includes(id);
          const part = verdict?.parts.find((one) => one.id === id);
          const why = `${uid}-${id}-why`;
          return (
            <div key={id} class={mine ? "k-opt k-mine" : "k-opt"}>
              <label>
                <input
                  type="checkbox"
                  checked={mine}
                  disabled={locked}
                  aria-describedby={part && why}
                  onChange={({ currentTarget: input }) => {
                    // Kept in the card's order, so that the same ticks are the same answer.
                    const next = ids.filter((one) => (one === id ? input.checked : ticked.includes(one)));
                    change({ score: value.score ?? {}, critical: next });
                    input.focus({ preventScroll: true });
                  }}
                />
                <T text={text} lang={lang} />
              </label>
              {part && (
                <Why id={why} {...judged(part.credit > 0, mine)}>
                  {part.why && <T text={part.why} lang={lang} />}
                </Why>
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

class View extends Component<ViewProps> {
  box: HTMLElement | null = null;
  /** Where on the scorecard one was before looking up the call. */
  left: Element | null = null;

  find = (query: string) => [...(this.box?.querySelectorAll<HTMLElement>(query) ?? [])];

  toCall() {
    const rows = this.find(".k-scoring .k-each");
    this.left =
      rows.find((row) => row.contains(document.activeElement)) ??
      rows.find((row) => row.getBoundingClientRect().bottom > 80) ??
      null;
    const [call] = this.find(".k-call");
    call?.scrollIntoView();
    this.find(".k-scroll")[0]?.focus({ preventScroll: true });
  }

  toSheet() {
    const rows = this.find(".k-scoring .k-each");
    const row = this.left?.isConnected
      ? this.left
      : rows.find((one) => one.querySelector("[data-missing]")) ?? rows[0];
    row?.scrollIntoView();
    const input = row?.querySelector<HTMLElement>("input:checked") ?? row?.querySelector("input");
    input?.focus({ preventScroll: true });
  }

  render(props: ViewProps) {
    const { card, lang, value, verdict, uid, change } = props;
    const t = own(lang);
    const put = (id: string, score: number) => {
      // In the card's order, so that the same scores are the same answer.
      const given = { ...value.score, [id]: score };
      const all = criteriaOf(card).flatMap((one) => (one.id in given ? [[one.id, given[one.id]]] : []));
      change({ score: Object.fromEntries(all), critical: value.critical ?? [] });
    };
    const kappa = verdict?.kappa;
    return (
      <div class="k-review" ref={(box) => void (this.box = box)}>
        <div class="k-two">
          <div class="k-call">
            <p class="k-head" id={`${uid}-call`}>
              {t("call")}
            </p>
            <div class="k-scroll" role="region" tabIndex={0} aria-labelledby={`${uid}-call`}>
              <Call card={card} lang={lang} />
            </div>
            <button type="button" class="k-to" onClick={() => this.toSheet()}>
              <Sign sign="↓" />
              {t("toSheet")}
            </button>
          </div>
          <div class="k-scoring">
            <div class="k-scoring-top">
              <p class="k-head">{card.scorecard && <T text={card.scorecard.title} lang={lang} />}</p>
              <button type="button" class="k-to" onClick={() => this.toCall()}>
                <Sign sign="↑" />
                {t("toCall")}
              </button>
            </div>
            {criteriaOf(card).map((one) => (
              <Behaviour {...props} key={one.id} one={one} put={(score) => put(one.id, score)} />
            ))}
            <Errors {...props} />
            {typeof kappa === "number" && (
              <p class="k-soft k-kappa">{readKappa(lang, kappa, criteriaOf(card).length)}</p>
            )}
          </div>
        </div>
      </div>
    );
  }
}

export const review: Kind = {
  start: () => ({ score: {}, critical: [] }),
  read: (card, raw) => {
    if (!isObject(raw) || !isObject(raw.score) || !Array.isArray(raw.critical)) return null;
    const score: Record<string, number> = {};
    for (const one of criteriaOf(card)) {
      const given = raw.score[one.id];
      if (!one.levels.some((level) => level.score === given)) return null;
      score[one.id] = given as number;
    }
    const known = errorsOf(card).map((one) => one.id);
    const ticked = raw.critical as unknown[];
    if (!ticked.every((id) => known.includes(id as string))) return null;
    return { score, critical: known.filter((id) => ticked.includes(id)) };
  },
  isComplete: (card, value) => criteriaOf(card).every((one) => value.score?.[one.id] !== undefined),
  hint: missing,
  describe: (card, value, lang) =>
    own(lang)("described", {
      s: criteriaOf(card)
        .map((one) => value.score?.[one.id] ?? "–")
        .join(lang === "zh" ? "、" : ", "),
      n: value.critical?.length ?? 0,
    }),
  View,
};
