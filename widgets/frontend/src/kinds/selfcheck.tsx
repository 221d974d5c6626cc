// selfcheck: an honest look at oneself, for nobody else. It is no answer: it goes to the learner's
// own machine by a call of its own, and is never a part of the widget's state.
import { Component } from "preact";
import type { Card, Statement } from "../contract";
import { isObject, readText } from "../contract";
import { Sign, T } from "../parts";
import { Profile, sidesOf } from "../radar";
import type { Text } from "../words";
import { speaker } from "../words";
import type { Kind, ViewProps } from "./kind";

const own = speaker({
  level2: { zh: "常常", en: "Usually" },
  level1: { zh: "有时", en: "Sometimes" },
  level0: { zh: "还没有", en: "Not yet" },
  kept: {
    zh: "只存在你自己的课程文件夹里，只给你看：不计分，不会交上去，随时可以删掉。",
    en: "Kept in your own course folder, for you alone: no score, never handed in, and you can delete it at any time.",
  },
  loose: {
    zh: "只给你看，也不保存：关上这一页就没有了。",
    en: "For you alone, and not kept: it is gone when you close this page.",
  },
  saved: { zh: "已存在你这里", en: "kept, on your side only" },
  unsaved: { zh: "还没存上，先留在这一页上。", en: "Not kept yet; it stays on this page for now." },
  resend: { zh: "再存一次", en: "Try again" },
  count: { zh: "{m} 条里选了 {n} 条；都选完，就画成一张图。", en: "{n} of {m} chosen. When all are, they become a picture." },
  ready: { zh: "图画好了，在下面。", en: "Your picture is ready below." },
  tips: { zh: "还没有的，可以先试一样", en: "For what is not yet: one thing to try" },
  none: { zh: "没有一条是“还没有”。", en: "Nothing here is “not yet”." },
  remove: { zh: "删掉我的自检", en: "Delete my self-check" },
  sure: { zh: "删掉以后找不回来。", en: "Once deleted it cannot be brought back." },
  yes: { zh: "删掉", en: "Delete it" },
  no: { zh: "留着", en: "Keep it" },
  removed: { zh: "删掉了，什么也没留下。", en: "Deleted; nothing of it is left." },
});

const LEVELS = [2, 1, 0] as const;

/** Of what is given, the levels of this card's statements. */
function readLevels(card: Card, raw: unknown): Record<string, number> {
  if (!isObject(raw)) return {};
  const known = (card.statements ?? []).filter(({ id }) => LEVELS.includes(raw[id] as 0));
  return Object.fromEntries(known.map(({ id }) => [id, raw[id] as number]));
}

interface State {
  /** Whether it is kept beyond this page; null until the kernel has said so. */
  kept: boolean | null;
  phase: "still" | "saved" | "failed";
  why: Text | null;
  asking: boolean;
  removed: boolean;
}

class View extends Component<ViewProps, State> {
  state: State = { kept: null, phase: "still", why: null, asking: false, removed: false };
  last = 0;
  gone = false;

  componentDidMount() {
    const { card, value, call } = this.props;
    call({ do: "recall", item: card.item }).then(
      (reply) => {
        if (this.gone) return;
        this.setState({ kept: reply.kept === true });
        const levels = readLevels(card, reply.levels);
        // What was chosen meanwhile is newer than what was kept.
        if (Object.keys(levels).length && !Object.keys(value.levels ?? {}).length)
          this.props.change({ levels: { ...levels, ...this.props.value.levels } });
      },
      () => this.gone || this.setState({ kept: false }),
    );
  }
  componentWillUnmount() {
    this.gone = true;
  }

  pick(statement: Statement, level: number) {
    const { card, lang, value, change, announce } = this.props;
    const levels = { ...value.levels, [statement.id]: level };
    const all = card.statements ?? [];
    if (all.every(({ id }) => id in levels) && !all.every(({ id }) => id in (value.levels ?? {})))
      announce(own(lang)("ready"));
    change({ levels });
    this.setState({ removed: false });
    this.keep(levels);
  }

  keep(levels: Record<string, number>) {
    if (!this.state.kept) return;
    const { item, version } = this.props.card;
    const turn = (this.last += 1);
    const said = (phase: State["phase"], why: Text | null) =>
      this.gone || turn !== this.last || this.setState({ phase, why });
    this.props
      .call({ do: "reflect", item, version, levels })
      .then(() => said("saved", null), (reply: unknown) => said("failed", isObject(reply) ? readText(reply.why) : null));
  }

  ask(asking: boolean) {
    this.setState({ asking, why: null });
  }

  remove() {
    const { card, lang, change, call, announce } = this.props;
    const done = () => {
      this.last += 1;
      change({ levels: {} });
      this.setState({ asking: false, phase: "still", why: null, removed: true });
      announce(own(lang)("removed"));
    };
    if (!this.state.kept) return done();
    call({ do: "forget", item: card.item }).then(done, (reply: unknown) =>
      this.setState({ phase: "failed", why: isObject(reply) ? readText(reply.why) : null }),
    );
  }

  render({ card, lang, value, uid }: ViewProps, { kept, phase, why, asking, removed }: State) {
    const t = own(lang);
    const statements = card.statements ?? [];
    const levels = value.levels ?? {};
    const n = statements.filter(({ id }) => id in levels).length;
    const not = statements.filter(({ id }) => levels[id] === 0);
    return (
      <div class="k-selfcheck">
        <p class="k-hint k-private">{kept !== null && t(kept ? "kept" : "loose")}</p>
        {statements.map((statement) => (
          <fieldset class="k-each" key={statement.id}>
            <legend>
              <T text={statement.text} lang={lang} />
            </legend>
            <div class="k-segs k-levels">
              {LEVELS.map((level) => (
                <div class={levels[statement.id] === level ? "k-opt k-seg k-mine" : "k-opt k-seg"} key={level}>
                  <label>
                    <input
                      type="radio"
                      name={`${uid}-${statement.id}`}
                      checked={levels[statement.id] === level}
                      onChange={({ currentTarget: input }) => {
                        this.pick(statement, level);
                        input.focus({ preventScroll: true }); // Lab gives the focus of a click to the cell
                      }}
                    />
                    <span>{t(`level${level}`)}</span>
                  </label>
                </div>
              ))}
            </div>
          </fieldset>
        ))}
        <div class="k-status" role="status">
          {phase === "failed" && <p class="k-calm">{why ? <T text={why} lang={lang} /> : t("unsaved")}</p>}
          {phase === "saved" && n > 0 && (
            <p class="k-saved">
              <Sign sign="✓" />
              {t("saved")}
            </p>
          )}
          {removed && <p class="k-soft">{t("removed")}</p>}
        </div>
        {phase === "failed" && !asking && (
          <button type="button" class="k-less" onClick={() => this.keep(levels)}>
            {t("resend")}
          </button>
        )}
        {n < statements.length ? (
          <p class="k-soft k-chosen">{t("count", { n, m: statements.length })}</p>
        ) : (
          <section class="k-picture">
            <Profile
              sides={sidesOf(statements, levels)}
              lang={lang}
              uid={uid}
              levels={LEVELS.map((level) => t(`level${level}`))}
            />
            <p class="k-head">{t(not.length ? "tips" : "none")}</p>
            <ul class="k-tips" role="list">
              {not.map(({ id, text, tip }) => (
                <li key={id}>
                  <small>
                    <T text={text} lang={lang} />
                  </small>
                  <T text={tip} lang={lang} />
                </li>
              ))}
            </ul>
          </section>
        )}
        {n > 0 && !asking && (
          <button type="button" class="k-quiet k-remove" onClick={() => this.ask(true)}>
            {t("remove")}
          </button>
        )}
        {asking && (
          <div class="k-ask" role="group" aria-labelledby={`${uid}-sure`}>
            <p id={`${uid}-sure`}>{t("sure")}</p>
            <button type="button" class="k-less" onClick={() => this.remove()}>
              {t("yes")}
            </button>
            <button
              type="button"
              class="k-quiet"
              ref={(button) => button?.focus({ preventScroll: true })}
              onClick={() => this.ask(false)}
            >
              {t("no")}
            </button>
          </div>
        )}
      </div>
    );
  }
}

export const selfcheck: Kind = {
  start: () => ({ levels: {} }),
  read: () => null, // nothing of it is ever in an answer
  isComplete: () => false,
  hint: { zh: "", en: "" },
  mixed: (card, mix) => ({ ...card, statements: mix(card.statements ?? []) }),
  silent: true,
  describe: () => "",
  View,
};
