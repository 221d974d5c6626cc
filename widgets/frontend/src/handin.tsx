// The hand-in panel of a graded set: how many answers are saved, who hands in, and the file.
import { PATIENCE } from "./answers";
import type { HandInOrder, Lang, Model } from "./contract";
import { isObject, newId, readText } from "./contract";
import { Sign, T, enterSends } from "./parts";
import type { Text } from "./words";
import { sayer } from "./words";

/** One hand-in: who, how far, and what came of it. */
export class Errand {
  student = "";
  phase: "open" | "hint" | "sending" | "late" | "failed" | "made" = "open";
  why: Text | null = null;
  file = "";
  private attempt: { id: string; student: string } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private model: Model,
    private changed: () => void,
  ) {}

  private go(phase: Errand["phase"]): void {
    clearTimeout(this.timer);
    this.phase = phase;
    this.changed();
  }

  edit(student: string): void {
    this.student = student;
    this.go("open");
  }

  /** Asks for the file; the same student keeps the id until the file is made. */
  make(): void {
    if (this.phase === "sending") return;
    // Full-width letters and digits of a Chinese keyboard are the same number.
    const student = this.student.normalize("NFKC").trim();
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(student)) return this.go("hint");
    if (this.attempt?.student !== student) this.attempt = { id: newId(), student };
    this.go("sending");
    this.timer = setTimeout(() => this.go("late"), PATIENCE);
    try {
      this.model.send({ do: "hand-in", ...this.attempt });
    } catch {
      this.go("late");
    }
  }

  hear(raw: unknown): void {
    if (!isObject(raw) || !this.attempt || raw.id !== this.attempt.id) return;
    if (raw.did === "handed-in" && typeof raw.file === "string") {
      this.attempt = null;
      this.file = raw.file;
      this.go("made");
    } else if (raw.did === "failed") {
      this.why = readText(raw.why);
      this.go("failed");
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }
}

interface HandInProps {
  order: HandInOrder;
  errand: Errand;
  receipts: unknown;
  uid: string;
  lang: Lang;
}

/** How many of these were changed in this page since they were saved. */
const changedIn = (items: readonly string[]): number =>
  [...document.querySelectorAll<HTMLElement>(".kefu [data-changed]")].filter((one) =>
    items.includes(one.dataset.changed!),
  ).length;

export function HandIn({ order, errand, receipts, uid, lang }: HandInProps) {
  const t = sayer(lang);
  const { phase, why } = errand;
  const saved = order.items.filter((item) => {
    const one = isObject(receipts) ? receipts[item] : undefined;
    return isObject(one) && one.item === item && typeof one.at === "string";
  }).length;
  const waiting = phase === "late" || phase === "failed";
  const changed = phase === "made" ? changedIn(order.items) : 0;
  const label = phase === "sending" ? "making" : waiting ? "resend" : "makeFile";
  return (
    <form
      class="k-card k-handin"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        errand.make();
        if (errand.phase === "hint") event.currentTarget.querySelector("input")?.focus();
      }}
    >
      <div class="k-title">{t("savedOf", { n: saved, m: order.items.length })}</div>
      {saved < order.items.length && (
        <p class="k-soft">{t("missing", { n: order.items.length - saved })}</p>
      )}
      <div class="k-number">
        <label for={uid}>{t("student")}</label>
        <div class="k-field">
          <input
            id={uid}
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={40}
            value={errand.student}
            readOnly={phase === "sending"}
            aria-describedby={`${uid}-hint`}
            aria-invalid={phase === "hint"}
            onKeyDown={enterSends}
            onInput={(event) => errand.edit(event.currentTarget.value)}
          />
        </div>
        <p class={phase === "hint" ? "k-calm" : "k-hint"} id={`${uid}-hint`}>
          {t("studentHint")}
        </p>
      </div>
      <div class="k-bar">
        <div class="k-status" role="status">
          {waiting && (
            <p class="k-calm">
              {phase === "failed" && why ? <T text={why} lang={lang} /> : t("makeLate")}
            </p>
          )}
          {phase === "made" && (
            <p>
              <span class="k-saved">
                <Sign sign="✓" />
                {t("made")}
              </span>{" "}
              <b class="k-file">{errand.file}</b>
              <br />
              {t("madeHint")}
            </p>
          )}
          {changed > 0 && <p class="k-calm">{t("madeBefore", { n: changed })}</p>}
        </div>
        <button type="submit" class="k-go" aria-disabled={phase === "sending"}>
          {t(label)}
        </button>
      </div>
    </form>
  );
}
