// rewrite: a sentence or two of one's own; phrases are judged, the rest one marks oneself.
import { Component } from "preact";
import type { Card, VerdictPart } from "../contract";
import { isObject } from "../contract";
import { T, Why } from "../parts";
import type { Lang, Tone } from "../words";
import { credit, speaker } from "../words";
import type { Kind, ViewProps } from "./kind";

const missing = {
  zh: "写上一两句，别超过字数，再看看。",
  en: "Write a sentence or two first, within the limit.",
};
const own = speaker({
  given: { zh: "原来的说法", en: "As it was said" },
  yours: { zh: "你的说法", en: "Your version" },
  left: { zh: "还能写 {n} 字", en: "{n} characters left" },
  over: { zh: "多了 {n} 字", en: "{n} characters too many" },
  keys: { zh: "回车换行，Ctrl + 回车提交。", en: "Enter makes a new line, Ctrl + Enter sends." },
  phrases: { zh: "关键的说法", en: "Phrases" },
  there: { zh: "说到了：“{s}”", en: "there: “{s}”" },
  lacking: { zh: "还缺，例如“{s}”", en: "missing, such as “{s}”" },
  avoided: { zh: "没有说“{s}”这样的话", en: "avoided, such as “{s}”" },
  wrong: { zh: "不该有：“{s}”", en: "better left out: “{s}”" },
  rubric: { zh: "对照这几条，给自己打个分", en: "Mark yourself by these" },
  points: { zh: "{n} 分", en: "{n}" },
  total: { zh: "自评 {n} / {m} 分，不记录。", en: "Your own mark: {n} of {m}; it is not recorded." },
  model: { zh: "参考说法", en: "Model answer" },
});

/** Where the count is worth saying aloud. */
const NEAR = 40;
/** How long the typing rests before it is said, in milliseconds. */
const REST = 1500;

/** How many characters count, by the kernel's own rule. */
export const length = (text: string): number => [...text.replace(/\r\n/g, "\n").trim()].length;

function counted(card: Card, text: string, lang: Lang): { over: boolean; left: number; words: string } {
  const left = (card.most ?? 0) - length(text);
  const over = left < 0;
  return { over, left, words: own(lang)(over ? "over" : "left", { n: Math.abs(left) }) };
}

/** Sign, word and colour of one phrase. */
function judged(lang: Lang, part: VerdictPart): { sign: string; word: string; tone: Tone } {
  const t = own(lang);
  const good = part.credit >= 1;
  const base: { sign: string; tone: Tone } = good
    ? { sign: "✓", tone: "good" }
    : { sign: "✗", tone: "bad" };
  const like = part.like?.[lang] ?? "";
  if (part.wanted === undefined) return credit(lang, part.credit);
  if (part.said) return { ...base, word: t(part.wanted ? "there" : "wrong", { s: part.said }) };
  return { ...base, word: t(part.wanted ? "lacking" : "avoided", { s: like }) };
}

class View extends Component<ViewProps, { ticked: string[] }> {
  state = { ticked: [] as string[] };
  area: HTMLTextAreaElement | null = null;
  timer: ReturnType<typeof setTimeout> | undefined;

  componentDidMount() {
    this.grow();
  }
  componentDidUpdate(before: ViewProps) {
    this.grow();
    if (before.verdict && !this.props.verdict && this.state.ticked.length) this.setState({ ticked: [] });
  }
  componentWillUnmount() {
    clearTimeout(this.timer);
  }

  /** The field is as high as what is in it. */
  grow() {
    const { area } = this;
    // Where the style sheet can do it, it does so when the page turns or its text grows, too.
    if (!area || globalThis.CSS?.supports?.("field-sizing", "content")) return;
    area.style.height = "auto";
    const border = area.offsetHeight - area.clientHeight;
    area.style.height = `${area.scrollHeight + border}px`;
  }

  typed(text: string) {
    const { card, lang, change, announce } = this.props;
    change({ text });
    // Said once the typing rests, and only where room is short.
    clearTimeout(this.timer);
    const { left, words } = counted(card, text, lang);
    if (left <= NEAR) this.timer = setTimeout(() => announce(words), REST);
  }

  keys(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (event.isComposing || event.repeat) return; // an input method takes its own Enter
    event.preventDefault();
    this.area?.form?.querySelector<HTMLElement>("[type=submit]")?.click();
  }

  render({ card, lang, value, locked, verdict, uid }: ViewProps) {
    const t = own(lang);
    const text = value.text ?? "";
    const { over, words } = counted(card, text, lang);
    return (
      <div class="k-rewrite">
        {card.given && (
          <div class="k-was">
            <p class="k-head">{t("given")}</p>
            <p class="k-quote">
              <T text={card.given} lang={lang} />
            </p>
          </div>
        )}
        <label class="k-head" for={uid}>
          {t("yours")}
        </label>
        <textarea
          id={uid}
          ref={(area) => void (this.area = area)}
          rows={3}
          value={text}
          readOnly={locked}
          aria-invalid={over || undefined}
          aria-describedby={`${uid}-left`}
          data-missing={rewrite.isComplete(card, value) ? undefined : true}
          onInput={(event) => this.typed(event.currentTarget.value)}
          onKeyDown={(event) => this.keys(event)}
        />
        <p class="k-left k-soft" id={`${uid}-left`}>
          <span class={over ? "k-ink-bad" : ""}>{words}</span>
          {!locked && <span class="k-keys">{t("keys")}</span>}
        </p>
        {verdict && this.judged()}
      </div>
    );
  }

  judged() {
    const { lang, verdict, uid } = this.props;
    const { ticked } = this.state;
    const t = own(lang);
    const rubric = verdict?.rubric ?? [];
    const sum = (lines: typeof rubric) => lines.reduce((all, line) => all + line.points, 0);
    const mine = sum(rubric.filter((line) => ticked.includes(line.id)));
    return (
      <>
        {!!verdict?.parts.length && (
          <>
            <p class="k-head">{t("phrases")}</p>
            <ul role="list">
              {verdict.parts.map((part) => (
                <li key={part.id}>
                  <Why {...judged(lang, part)}>
                    {part.why && <T text={part.why} lang={lang} />}
                  </Why>
                </li>
              ))}
            </ul>
          </>
        )}
        <div class="k-orders">
          {!!rubric.length && (
            <fieldset class="k-each k-self">
              <legend>{t("rubric")}</legend>
              {rubric.map((line) => (
                <label key={line.id}>
                  <input
                    type="checkbox"
                    checked={ticked.includes(line.id)}
                    name={`${uid}-rubric`}
                    onChange={({ currentTarget: input }) => {
                      const rest = ticked.filter((id) => id !== line.id);
                      this.setState({ ticked: input.checked ? [...rest, line.id] : rest });
                      input.focus({ preventScroll: true }); // Lab gives the focus of a click to the cell
                    }}
                  />
                  <span>
                    <T text={line.text} lang={lang} /> <b>{t("points", { n: line.points })}</b>
                  </span>
                </label>
              ))}
              <p class="k-soft" role="status">
                {t("total", { n: mine, m: sum(rubric) })}
              </p>
            </fieldset>
          )}
          {verdict?.model && (
            <div class="k-model">
              <p class="k-head">{t("model")}</p>
              <p>
                <T text={verdict.model} lang={lang} />
              </p>
            </div>
          )}
        </div>
      </>
    );
  }
}

export const rewrite: Kind = {
  start: () => ({ text: "" }),
  read: (_, raw) => (isObject(raw) && typeof raw.text === "string" ? { text: raw.text } : null),
  isComplete: (card, value) => {
    const n = length(value.text ?? "");
    return n > 0 && n <= (card.most ?? 0);
  },
  hint: missing,
  describe: (_, value) => (value.text ?? "").replace(/\s+/g, " ").trim(),
  View,
};
