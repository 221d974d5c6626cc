// A question about a mark: written here, kept beside the answers, handed in with the file.
import { PATIENCE } from "./answers";
import type { HandInOrder, Lang, Model, Text } from "./contract";
import { isObject, newId, readText } from "./contract";
import { length } from "./kinds/rewrite";
import { Sign, T, tag } from "./parts";
import { say, speaker } from "./words";

/** How many characters a question may have; the kernel counts alike. */
const MOST = 500;

const own = speaker({
  title: { zh: "对分数有疑问？", en: "A question about a mark?" },
  how: {
    zh: "写在这里，它会放进交卷文件；再做一次文件交给老师，答复会写在反馈页上。",
    en: "Write it here and it goes into the hand-in file. Make the file again for your instructor; the answer comes on your feedback page.",
  },
  item: { zh: "哪一题", en: "Which question" },
  pick: { zh: "请选一题", en: "Pick one" },
  of: { zh: "第 {n} 题：{s}", en: "{n}. {s}" },
  words: { zh: "想问什么", en: "What you would like to ask" },
  left: { zh: "还能写 {n} 字", en: "{n} characters left" },
  over: { zh: "多了 {n} 字", en: "{n} characters too many" },
  save: { zh: "写进交卷文件", en: "Put it into the hand-in file" },
  saving: { zh: "正在写…", en: "Saving…" },
  again: { zh: "再试一次", en: "Send again" },
  first: {
    zh: "先选一题，再写上一两句，别超过 500 字。",
    en: "Pick a question first, then write a sentence or two, 500 characters at most.",
  },
  late: {
    zh: "还没有回音，问题可能还没写进去。可以再试一次。",
    en: "No reply yet; the question may not be saved. You can try again.",
  },
  saved: { zh: "已保存", en: "saved" },
  next: {
    zh: "再做一次交卷文件，交给老师。",
    en: "Now make the hand-in file again for your instructor.",
  },
  before: { zh: "问过的", en: "Asked so far" },
});

export interface Appeal {
  id: string;
  item: string;
  text: string;
}

/** What the panel may ask about, and what was asked; null where the kernel takes no questions. */
export interface Appealing {
  about: { item: string; text: Text }[];
  appeals: Appeal[];
}

/** Reads it from the hand-in order; whatever is none of it is left out. */
export function readAppealing(raw: unknown): Appealing | null {
  if (!isObject(raw) || !Array.isArray(raw.about)) return null;
  const about = raw.about.flatMap((one: unknown) => {
    const text = isObject(one) ? readText(one.text) : null;
    return isObject(one) && text && typeof one.item === "string" ? [{ item: one.item, text }] : [];
  });
  const appeals = (Array.isArray(raw.appeals) ? raw.appeals : []).filter(
    (one: unknown): one is Appeal & Record<string, unknown> =>
      isObject(one) && [one.id, one.item, one.text].every((value) => typeof value === "string"),
  );
  return about.length ? { about, appeals } : null;
}

/** One question on its way to the disk. */
export class Asking {
  item = "";
  text = "";
  phase: "open" | "hint" | "sending" | "late" | "failed" | "saved" = "open";
  why: Text | null = null;
  private attempt: { id: string; item: string; text: string; lang: Lang } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private model: Model,
    private changed: () => void,
  ) {}

  private go(phase: Asking["phase"]): void {
    clearTimeout(this.timer);
    this.phase = phase;
    this.changed();
  }

  edit(change: { item?: string; text?: string }): void {
    Object.assign(this, change);
    this.go("open");
  }

  /** Sends it; the same words about the same question keep their id until they are on disk. */
  send(lang: Lang): void {
    if (this.phase === "sending") return;
    const { item, text } = this;
    if (!item || !text.trim() || length(text) > MOST) return this.go("hint");
    if (this.attempt?.item !== item || this.attempt.text !== text)
      this.attempt = { id: newId(), item, text, lang };
    this.go("sending");
    this.timer = setTimeout(() => this.go("late"), PATIENCE);
    try {
      this.model.send({ do: "appeal", ...this.attempt });
    } catch {
      this.go("late");
    }
  }

  hear(raw: unknown): void {
    if (!isObject(raw) || !this.attempt || raw.id !== this.attempt.id) return;
    if (raw.did === "appealed") {
      // What was written on meanwhile stays.
      if (this.text === this.attempt.text) this.text = "";
      this.attempt = null;
      this.go("saved");
    } else if (raw.did === "failed") {
      this.why = readText(raw.why);
      this.go("failed");
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }
}

interface AskProps {
  order: HandInOrder;
  asking: Asking;
  uid: string;
  lang: Lang;
}

/** The language of what a learner typed, for whoever listens to it. */
const tongue = (typed: string): string => tag(/\p{Script=Han}/u.test(typed) ? "zh" : "en");

export function Ask({ order, asking, uid, lang }: AskProps) {
  const t = own(lang);
  const { appealing } = order;
  if (!appealing) return null;
  const { phase, why } = asking;
  const left = MOST - length(asking.text);
  const waiting = phase === "late" || phase === "failed";
  const place = new Map(appealing.about.map(({ item }, at) => [item, at + 1]));
  return (
    <details class="k-card k-appeal">
      <summary>{t("title")}</summary>
      <p class="k-hint">{t("how")}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          asking.send(lang);
          if (asking.phase === "hint")
            event.currentTarget.querySelector<HTMLElement>(asking.item ? "textarea" : "select")?.focus();
        }}
      >
        <label for={`${uid}-item`}>{t("item")}</label>
        <select
          id={`${uid}-item`}
          value={asking.item}
          disabled={phase === "sending"}
          onChange={(event) => asking.edit({ item: event.currentTarget.value })}
        >
          <option value="">{t("pick")}</option>
          {appealing.about.map(({ item, text }, at) => (
            <option value={item} key={item}>
              {t("of", { n: at + 1, s: text[lang] })}
            </option>
          ))}
        </select>
        <label for={`${uid}-words`}>{t("words")}</label>
        <textarea
          id={`${uid}-words`}
          rows={3}
          value={asking.text}
          readOnly={phase === "sending"}
          aria-describedby={`${uid}-left`}
          aria-invalid={left < 0}
          onInput={(event) => asking.edit({ text: event.currentTarget.value })}
        />
        <p class={left < 0 ? "k-calm" : "k-hint"} id={`${uid}-left`}>
          {t(left < 0 ? "over" : "left", { n: Math.abs(left) })}
        </p>
        <div class="k-bar">
          <div class="k-status" role="status">
            {phase === "hint" && <p class="k-calm">{t("first")}</p>}
            {waiting && (
              <p class="k-calm">
                {phase === "failed" && why ? <T text={why} lang={lang} /> : t("late")}
              </p>
            )}
            {phase === "saved" && (
              <p>
                <span class="k-saved">
                  <Sign sign="✓" />
                  {t("saved")}
                </span>{" "}
                {t("next")}
              </p>
            )}
          </div>
          <button type="submit" class="k-less" aria-disabled={phase === "sending"}>
            {t(phase === "sending" ? "saving" : waiting ? "again" : "save")}
          </button>
        </div>
      </form>
      {appealing.appeals.length > 0 && (
        <>
          <p class="k-head">{t("before")}</p>
          <ul>
            {appealing.appeals.map((one) => (
              <li class="k-appealed" key={one.id}>
                <b>{say(lang, "question", { n: place.get(one.item) ?? "?" })}</b>{" "}
                <span lang={tongue(one.text)}>{one.text}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
