// dialogue: a conversation, one saying at a time, while the customer's feelings move.
import { Component } from "preact";
import type { Card, Moment, Saying, Verdict } from "../contract";
import { isObject } from "../contract";
import { Feelings, moves, own } from "../feelings";
import { Sign, T, Why } from "../parts";
import type { Lang } from "../words";
import { credit, say, speaker } from "../words";
import type { Kind, ViewProps } from "./kind";

/** The most sayings of one path, by the kernel's own rule. */
export const MOST = 60;

/** Where a conversation stands. */
export interface Here {
  node: string;
  anger: number;
  trust: number;
}

/** What was said, and where one stood before, between and after: one more than sayings. */
export interface Walk {
  said: Saying[];
  states: Here[];
}

const nodeAt = (card: Card, here: Here): Moment =>
  card.nodes?.[here.node] ?? { customer: null, ending: null, says: [] };

const last = (walk: Walk): Here => walk.states[walk.states.length - 1]!;

/** What may be said to a customer who feels like this. */
export const open = (card: Card, here: Here): Saying[] =>
  nodeAt(card, here).says.filter(({ needs }) => {
    const { anger_min = 0, anger_max = 10, trust_min = 0, trust_max = 10 } = needs;
    const { anger, trust } = here;
    return anger >= anger_min && anger <= anger_max && trust >= trust_min && trust <= trust_max;
  });

const within = (feeling: number) => Math.min(10, Math.max(0, feeling));

/** Walks a path; null when something in it cannot be said where it stands. */
export function walk(card: Card, path: readonly string[]): Walk | null {
  if (path.length > MOST) return null;
  const start = { node: card.start ?? "", anger: card.anger ?? 0, trust: card.trust ?? 0 };
  const made: Walk = { said: [], states: [start] };
  for (const id of path) {
    const { anger, trust } = last(made);
    const saying = open(card, last(made)).find((one) => one.id === id);
    if (!saying) return null;
    made.said.push(saying);
    made.states.push({
      node: saying.to,
      anger: within(anger + saying.anger),
      trust: within(trust + saying.trust),
    });
  }
  return made;
}

const isOver = (card: Card, now: Walk) => nodeAt(card, last(now)).says.length === 0;

class View extends Component<ViewProps> {
  /** What is new: the last words, and what may be said to them. */
  now: HTMLElement | null = null;
  top: HTMLElement | null = null;
  moved = false;

  componentDidUpdate(before: ViewProps) {
    if (this.moved) {
      this.moved = false;
      this.now?.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
      // What is new comes into sight; where it does not fit, from the customer's words on.
      const fits = (this.now?.getBoundingClientRect().height ?? 0) < innerHeight - 140;
      if (fits) this.now?.scrollIntoView({ block: "nearest" });
      else this.now?.querySelector(".k-ending, .k-customer")?.scrollIntoView({ block: "start" });
    }
    // The replay begins at its beginning.
    if (this.props.verdict && !before.verdict && before.locked) this.top?.scrollIntoView({ block: "start" });
  }

  /** Goes to the end of another path, and says what is heard there. */
  go(path: string[], gone = "") {
    const { card, lang, value, locked, change, announce } = this.props;
    const now = walk(card, path);
    if (locked || !now) return;
    this.moved = true;
    const { scene, customer, ending } = nodeAt(card, last(now));
    const t = speaker(own)(lang);
    const felt =
      card.room === "practice" ? t("felt", { a: last(now).anger, t: last(now).trust }) : "";
    const heard = customer ? t("heard", { s: customer[lang] }) : "";
    const ended = ending ? `${t("ending")}${lang === "zh" ? "：" : ": "}${ending[lang]}` : "";
    change({ ...value, path });
    announce([gone, scene?.[lang], heard, ended, felt].filter(Boolean).join(" "));
  }

  render({ card, lang, value, locked, verdict, uid }: ViewProps) {
    const t = speaker(own)(lang);
    const path = value.path ?? [];
    const now = walk(card, path) ?? walk(card, [])!;
    const over = isOver(card, now);
    const practice = card.room === "practice";
    const turn = now.said.length;
    const { ending } = nodeAt(card, last(now));
    const marked = verdict && credit(lang, verdict.credit);
    const worth = verdict?.outcome === undefined ? null : credit(lang, verdict.outcome);

    const heard = (here: Here) => {
      const { scene, customer } = nodeAt(card, here);
      return [
        scene && (
          <li class="k-scene">
            <T text={scene} lang={lang} />
          </li>
        ),
        customer && (
          <li class="k-turn k-customer">
            <small>{say(lang, "customer")}</small>
            <T text={customer} lang={lang} />
          </li>
        ),
      ];
    };
    const spoken = (at: number) => (
      <li class="k-turn k-agent">
        <small>{t("you")}</small>
        <T text={now.said[at]!.text} lang={lang} />
        {verdict && <Judged {...{ verdict, at, now, lang }} />}
      </li>
    );

    return (
      <div class="k-dialogue">
        {marked && (
          <p class="k-head k-replay" ref={(p) => void (this.top = p)}>
            {t("replay")}
            <b class={`k-ink-${marked.tone}`}>
              <Sign sign={marked.sign} />
              {marked.word}
            </b>
          </p>
        )}
        {turn > 0 && (
          <ol class="k-talk" role="list" aria-label={t("sofar")}>
            {now.said.map((_, at) => [heard(now.states[at]!), at < turn - 1 && spoken(at)])}
          </ol>
        )}
        <div class="k-now" ref={(div) => void (this.now = div)}>
          <ol class="k-talk" role="list" aria-label={t("latest")}>
            {turn > 0 && spoken(turn - 1)}
            {heard(last(now))}
          </ol>
          {practice && !verdict && <Mood now={now} lang={lang} />}
          {over ? (
            <div class="k-ending" tabIndex={-1}>
              <b>{t("ending")}</b>
              {ending && <T text={ending} lang={lang} />}
              {worth && <Why tone={worth.tone} sign={worth.sign} word={worth.word} />}
              {(verdict || !practice) && <Feelings states={now.states} lang={lang} uid={uid} />}
            </div>
          ) : (
            <div class="k-says" role="group" aria-labelledby={`${uid}-say`}>
              <p class="k-head" id={`${uid}-say`} tabIndex={-1}>
                {t(turn < MOST ? "turn" : "long", { n: turn + 1 })}
              </p>
              {turn < MOST &&
                open(card, last(now)).map((saying, at) => (
                  <button
                    type="button"
                    class="k-say"
                    key={saying.id}
                    data-missing={at === 0 ? "" : undefined}
                    // A second tap, or a key held down, does not answer what nobody has read yet.
                    onClick={(event) => event.detail < 2 && this.go([...path, saying.id])}
                    onKeyDown={(event) => event.repeat && event.preventDefault()}
                  >
                    <T text={saying.text} lang={lang} />
                  </button>
                ))}
            </div>
          )}
        </div>
        {verdict && <Expert {...{ card, verdict, path, lang }} />}
        {turn > 0 && !locked && (
          <div class="k-bar k-backs">
            {practice && (
              <button
                type="button"
                class="k-quiet"
                onClick={() => this.go(path.slice(0, -1), t("gone", { n: turn }))}
              >
                {t("undo")}
              </button>
            )}
            <button type="button" class="k-quiet" onClick={() => this.go([], t("gone", { n: 1 }))}>
              {t("restart")}
            </button>
          </div>
        )}
      </div>
    );
  }
}

/** What one saying was worth, why, and what it did to the customer. */
function Judged({ verdict, at, now, lang }: { verdict: Verdict; at: number; now: Walk; lang: Lang }) {
  const part = verdict.parts[at];
  if (!part || part.id !== now.said[at]!.id) return null;
  return (
    <Why {...credit(lang, part.credit)}>
      {part.why && <T text={part.why} lang={lang} />}
      <small class="k-moves-of">{moves(now.states[at]!, now.states[at + 1]!, lang)}</small>
    </Why>
  );
}

/** How the customer feels now: as words and numbers; the bars only repeat them. */
function Mood({ now, lang }: { now: Walk; lang: Lang }) {
  const t = speaker(own)(lang);
  const here = last(now);
  const before = now.states[now.states.length - 2];
  return (
    <div class="k-mood" role="group" aria-label={t("mood")}>
      {(["anger", "trust"] as const).map((name) => (
        <p class={`k-${name}`} key={name}>
          <span>
            {t(name)} <b>{here[name]}/10</b>
          </span>
          <i aria-hidden="true">
            <i style={{ width: `${here[name] * 10}%` }} />
          </i>
          {before && <small>{moves(before, here, lang, [name])}</small>}
        </p>
      ))}
    </div>
  );
}

/** A way that is worth the most, for whoever wants to see it. */
function Expert(props: { card: Card; verdict: Verdict; path: string[]; lang: Lang }) {
  const { card, verdict, path, lang } = props;
  const t = speaker(own)(lang);
  const best = dialogue.read(card, verdict.expert)?.path;
  const way = best && best.join() !== path.join() ? walk(card, best) : null;
  if (!way) return null;
  return (
    <details class="k-way">
      <summary>{t("expert")}</summary>
      <ol class="k-expert" role="list">
        {way.said.map((saying, at) => (
          <li key={at}>
            <b>{at + 1}</b>
            <T text={saying.text} lang={lang} />
          </li>
        ))}
      </ol>
    </details>
  );
}

export const dialogue: Kind = {
  start: () => ({ path: [] }),
  read: (card, raw) => {
    const path = isObject(raw) && Array.isArray(raw.path) ? (raw.path as string[]) : [];
    const now = path.length ? walk(card, path) : null;
    return now && isOver(card, now) ? { path: [...path] } : null;
  },
  mixed: (card, mix) => ({
    ...card,
    nodes: Object.fromEntries(
      Object.entries(card.nodes ?? {}).map(([id, node]) => [id, { ...node, says: mix(node.says) }]),
    ),
  }),
  isComplete: (card, value) => dialogue.read(card, value) !== null,
  hint: own.unfinished,
  describe: (card, value, lang) => {
    const now = walk(card, value.path ?? []);
    if (!now?.said.length) return "";
    const ending = isOver(card, now) ? nodeAt(card, last(now)).ending : null;
    const count = speaker(own)(lang)(now.said.length === 1 ? "saidOne" : "said", { n: now.said.length });
    return ending ? `${count}${lang === "zh" ? "；" : "; "}${ending[lang]}` : count;
  },
  View,
};
