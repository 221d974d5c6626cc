// order: steps to put in order, by dragging, by buttons or by keys.
import { Component } from "preact";
import type { Card } from "../contract";
import { isObject } from "../contract";
import { dragRows } from "../drag";
import { T, Why, tag } from "../parts";
import { sayer, words } from "../words";
import type { Lang } from "../words";
import type { Kind, ViewProps } from "./kind";

/** The list with the entry at `from` moved to `to`. */
export function move<V>(list: readonly V[], from: number, to: number): V[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

const textOf = (card: Card, id: string, lang: Lang) =>
  card.steps?.find((step) => step.id === id)?.text[lang] ?? "";

const Step = ({ card, id, lang }: { card: Card; id: string; lang: Lang }) => (
  <span lang={tag(lang)}>{textOf(card, id, lang)}</span>
);

class View extends Component<ViewProps> {
  list: HTMLElement | null = null;
  stop: (() => void) | undefined;

  // Dragging lives as long as the order may be changed.
  componentDidMount() {
    const live = !this.props.locked && this.list;
    if (live && !this.stop) this.stop = dragRows(live, ".k-handle", (from, to) => this.put(from, to));
    if (!live) this.componentWillUnmount();
  }
  componentDidUpdate() {
    this.componentDidMount();
  }
  componentWillUnmount() {
    this.stop?.();
    this.stop = undefined;
  }

  put(from: number, to: number, part?: string) {
    const { card, lang, value, locked, change, announce } = this.props;
    const ids = value.order ?? [];
    const id = ids[from];
    if (locked || id === undefined || to < 0 || to >= ids.length || to === from) return;
    change({ order: move(ids, from, to) });
    announce(sayer(lang)("moved", { s: textOf(card, id, lang), n: to + 1, m: ids.length }));
    // Whoever moves a step by button or key stays on that step.
    if (part) (this.list?.children[to]?.querySelector(`[data-part="${part}"]`) as HTMLElement)?.focus();
  }

  keys(event: KeyboardEvent, at: number) {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.put(at, at + by, (event.target as HTMLElement).dataset.part ?? "handle");
  }

  render({ card, lang, value, locked, verdict, uid }: ViewProps) {
    const t = sayer(lang);
    const ids = value.order ?? [];
    const expert = verdict && order.read(card, verdict.expert)?.order;
    const button = (at: number, part: "up" | "down") => {
      const to = part === "up" ? at - 1 : at + 1;
      return (
        <button
          type="button"
          class="k-move"
          data-part={part}
          aria-label={t(part, { s: textOf(card, ids[at]!, lang) })}
          aria-disabled={!(to in ids)}
          onClick={() => this.put(at, to, part)}
        >
          <span aria-hidden="true">{part === "up" ? "↑" : "↓"}</span>
        </button>
      );
    };

    return (
      <>
        {!locked && (
          <p class="k-hint" id={`${uid}-hint`}>
            {t("orderHint")}
            <span class="k-keys">{t("keysHint")}</span>
          </p>
        )}
        <div class="k-orders">
          <div>
            {expert && <p class="k-head">{t("ownOrder")}</p>}
            <ol class="k-steps" ref={(list) => void (this.list = list)} role="list">
              {ids.map((id, at) => (
                <li
                  key={id}
                  data-step={id}
                  class={locked ? "k-still" : ""}
                  onKeyDown={locked ? undefined : (event) => this.keys(event, at)}
                >
                  {!locked && (
                    <button
                      type="button"
                      class="k-handle"
                      data-part="handle"
                      aria-label={t("handle", {
                        s: textOf(card, id, lang),
                        n: at + 1,
                        m: ids.length,
                      })}
                      aria-describedby={`${uid}-hint`}
                    >
                      <span aria-hidden="true" class="k-grip" />
                    </button>
                  )}
                  <b aria-hidden={locked ? undefined : "true"}>{at + 1}</b>
                  <span class="k-step">
                    <Step card={card} id={id} lang={lang} />
                    {expert && (
                      <small>
                        {expert[at] === id
                          ? t("samePlace")
                          : t("expertPlace", { n: expert.indexOf(id) + 1 })}
                      </small>
                    )}
                  </span>
                  {!locked && (
                    <span class="k-moves">
                      {button(at, "up")}
                      {button(at, "down")}
                    </span>
                  )}
                </li>
              ))}
            </ol>
          </div>
          {expert && (
            <div>
              <p class="k-head">{t("expertOrder")}</p>
              <ol class="k-expert" role="list">
                {expert.map((id, at) => (
                  <li key={id}>
                    <b>{at + 1}</b>
                    <Step card={card} id={id} lang={lang} />
                  </li>
                ))}
              </ol>
            </div>
          )}
        </div>
        {verdict?.why && (
          <Why tone="plain">
            <T text={verdict.why} lang={lang} />
          </Why>
        )}
      </>
    );
  }
}

export const order: Kind = {
  start: (card) => ({ order: (card.steps ?? []).map((step) => step.id) }),
  read: (card, raw) => {
    const ids = isObject(raw) && Array.isArray(raw.order) ? (raw.order as unknown[]) : [];
    const known = (card.steps ?? []).map((step) => step.id);
    const whole = ids.length === known.length && known.every((id) => ids.includes(id));
    return whole ? { order: ids as string[] } : null;
  },
  mixed: (card, mix) => ({ ...card, steps: mix(card.steps ?? []) }),
  isComplete: (card, value) => value.order?.length === card.steps?.length,
  hint: words.pickSome, // never said: any order of all the steps is complete
  describe: (card, value, lang) =>
    (value.order ?? []).map((id, at) => `${at + 1}. ${textOf(card, id, lang)}`).join(" "),
  View,
};
