// match: each left gets a right, from a list that opens in its row; few bins stand open at once.
import { Component } from "preact";
import type { Card, Part } from "../contract";
import { isObject } from "../contract";
import { T, Why } from "../parts";
import type { Lang } from "../words";
import { credit, speaker } from "../words";
import type { Kind, ViewProps } from "./kind";

const own = speaker({
  choose: { zh: "选一项", en: "Choose one" },
  used: { zh: "已配给“{s}”", en: "given to “{s}”" },
  matched: { zh: "“{l}”配“{r}”", en: "“{l}” goes with “{r}”" },
  missing: { zh: "还有没选的，每一项都选一个。", en: "Some are still open; choose one for each." },
  expert: { zh: "参考：", en: "Expert: " },
  once: { zh: "同一项可以选几次，也可以不选。", en: "A choice may serve several times, or not at all." },
});

/** So many bins still stand side by side; more of them open as a list does. */
const MOST_BINS = 4;

const rightOf = (card: Card, id: string | undefined) => card.rights?.find((one) => one.id === id);

interface RowProps extends ViewProps {
  left: Part;
  open: boolean;
  toggle(open: boolean): void;
  pick(right: Part): void;
}

/** The radio buttons of one left. */
function Rights({ card, lang, value, locked, uid, left, pick, toggle, bins }: RowProps & { bins: boolean }) {
  const t = own(lang);
  const mine = value.pairs?.[left.id];
  return (
    <div class={bins ? "k-segs" : "k-opts"} id={`${uid}-${left.id}-list`}>
      {(card.rights ?? []).map((right) => {
        const other = !bins && card.lefts?.find((l) => l.id !== left.id && value.pairs?.[l.id] === right.id);
        const note = `${uid}-${left.id}-${right.id}`;
        return (
          <div class={`k-opt ${bins ? "k-seg" : ""} ${mine === right.id ? "k-mine" : ""}`} key={right.id}>
            <label
              onClick={(event) => {
                // A finger or a mouse has made up its mind; arrow keys are still looking round.
                if (bins || locked || !event.detail) return;
                pick(right);
                toggle(false);
              }}
            >
              <input
                type="radio"
                name={`${uid}-${left.id}`}
                checked={mine === right.id}
                disabled={locked}
                data-missing={mine ? undefined : true}
                aria-describedby={other ? note : undefined}
                onChange={({ currentTarget: input }) => {
                  pick(right);
                  input.focus({ preventScroll: true }); // Lab gives the focus of a click to the cell
                }}
                onKeyDown={(event) => {
                  if (bins || (event.key !== "Enter" && event.key !== "Escape")) return;
                  event.preventDefault();
                  toggle(false);
                }}
              />
              <span>
                <T text={right.text} lang={lang} />
                {other && <small id={note}>{t("used", { s: other.text[lang] })}</small>}
              </span>
            </label>
          </div>
        );
      })}
    </div>
  );
}

/** One left with what was chosen for it, and what it is worth. */
function Row(props: RowProps) {
  const { card, lang, value, locked, verdict, uid, left, open, toggle } = props;
  const t = own(lang);
  const bins = !!card.bins && (card.rights?.length ?? 0) <= MOST_BINS;
  const right = rightOf(card, value.pairs?.[left.id]);
  const part = verdict?.parts.find((one) => one.id === left.id);
  const expert = verdict && rightOf(card, match.read(card, verdict.expert)?.pairs?.[left.id]);
  const judged = part && credit(lang, part.credit);
  const name = `${uid}-${left.id}`;
  return (
    <fieldset class="k-each" data-left={left.id}>
      <legend id={`${name}-left`}>
        <T text={left.text} lang={lang} />
      </legend>
      {bins ? (
        <Rights {...props} bins />
      ) : locked ? (
        right && (
          <p class="k-given">
            <T text={right.text} lang={lang} />
          </p>
        )
      ) : (
        <>
          <button
            type="button"
            class={right ? "k-picker k-mine" : "k-picker"}
            id={`${name}-open`}
            aria-labelledby={`${name}-left ${name}-open`}
            aria-expanded={open}
            aria-controls={open ? `${name}-list` : undefined}
            data-missing={right ? undefined : true}
            onClick={() => toggle(!open)}
          >
            {right ? <T text={right.text} lang={lang} /> : <span>{t("choose")}</span>}
            <span aria-hidden="true" class="k-chevron" />
          </button>
          {open && <Rights {...props} bins={false} />}
        </>
      )}
      {judged && (
        <Why {...judged}>
          {expert && expert !== right && (
            <p class="k-expected">
              {t("expert")}
              <T text={expert.text} lang={lang} />
            </p>
          )}
          {part.why && <T text={part.why} lang={lang} />}
        </Why>
      )}
    </fieldset>
  );
}

class View extends Component<ViewProps, { open: string | null }> {
  state = { open: null };
  list: HTMLElement | null = null;

  toggle(left: string, open: boolean) {
    this.setState({ open: open ? left : null }, () => {
      // The row keeps the focus, and stays in sight when the list in it or above it is gone.
      const row = this.list?.querySelector<HTMLElement>(`[data-left="${left}"]`);
      row?.querySelector("button")?.focus({ preventScroll: true });
      const top = row?.getBoundingClientRect().top ?? 0;
      if (top < 0) row?.scrollIntoView({ block: "start" });
    });
  }

  pick(left: Part, right: Part) {
    const { card, lang, value, locked, change, announce } = this.props;
    if (locked || value.pairs?.[left.id] === right.id) return;
    const chosen: Record<string, string> = { ...value.pairs, [left.id]: right.id };
    // Kept in the card's order, so that the same pairs are the same answer.
    const pairs = (card.lefts ?? []).filter(({ id }) => chosen[id]).map(({ id }) => [id, chosen[id]!]);
    change({ ...value, pairs: Object.fromEntries(pairs) });
    announce(own(lang)("matched", { l: left.text[lang], r: right.text[lang] }));
  }

  render(props: ViewProps, { open }: { open: string | null }) {
    const { card, lang, locked, verdict } = props;
    return (
      <div class="k-pairs" ref={(list) => void (this.list = list)}>
        {!locked && !verdict && !card.bins && <p class="k-hint">{own(lang)("once")}</p>}
        {(card.lefts ?? []).map((left) => (
          <Row
            {...props}
            key={left.id}
            left={left}
            open={open === left.id}
            toggle={(on) => this.toggle(left.id, on)}
            pick={(right) => this.pick(left, right)}
          />
        ))}
      </div>
    );
  }
}

export const match: Kind = {
  start: () => ({ pairs: {} }),
  read: (card, raw) => {
    const given = isObject(raw) && isObject(raw.pairs) ? raw.pairs : null;
    const lefts = card.lefts ?? [];
    if (!given || Object.keys(given).length !== lefts.length) return null;
    const pairs: Record<string, string> = {};
    for (const { id } of lefts) {
      const right = rightOf(card, String(given[id]));
      if (!right) return null;
      pairs[id] = right.id;
    }
    return { pairs };
  },
  mixed: (card, mix) => ({ ...card, lefts: mix(card.lefts ?? []), rights: mix(card.rights ?? []) }),
  isComplete: (card, value) => (card.lefts ?? []).every(({ id }) => rightOf(card, value.pairs?.[id])),
  hint: { zh: own("zh")("missing"), en: own("en")("missing") },
  describe: (card, value, lang: Lang) =>
    (card.lefts ?? [])
      .map(({ id, text }) => `${text[lang]} → ${rightOf(card, value.pairs?.[id])?.text[lang] ?? ""}`)
      .join(lang === "zh" ? "；" : "; "),
  View,
};
