// One question: its story, what the learner does, and the bar with what happens to the answer.
import type { Answers, Slot } from "./answers";
import { missed } from "./answers";
import type { Card, Json, Lang } from "./contract";
import { Hints, Sure } from "./beside";
import { isKnown, kindOf } from "./kinds";
import { Sign, Story, T } from "./parts";
import { credit, sayer, words } from "./words";

interface QuestionProps {
  card: Card;
  lang: Lang;
  answers: Answers;
  uid: string;
  label: string;
  /** False where the card before told the same story. */
  story: boolean;
  /** Where there is a next page; absent where all questions stand below one another. */
  next?: { label: string; go(): void };
  back?: () => void;
  /** This question has just been turned to: it takes the focus when it is drawn. */
  focused: boolean;
  announce(line: string): void;
  call(message: Json): Promise<Json>;
}

const focus = (element: HTMLElement | null | undefined) => element?.focus({ preventScroll: true });

/** Puts the focus on the question that `inside` stands in, its story in sight. */
function toQuestion(inside: Element | null) {
  const article = inside?.closest("article");
  if (article && article.getBoundingClientRect().top < 0) article.scrollIntoView();
  focus(article?.querySelector("legend"));
}

export function Question(props: QuestionProps) {
  const { card, lang, answers, uid, label, story, next, back, focused, announce } = props;
  const t = sayer(lang);
  const quiet = (word: "skip" | "back", go: () => void) => (
    <button type="button" class={`k-quiet k-${word}`} onClick={go}>
      {t(word)}
    </button>
  );
  if (!isKnown(card.kind))
    return (
      <article class="k-card" aria-label={label}>
        <p class="k-calm">{t("unknownKind", { s: card.kind })}</p>
        <div class="k-bar">
          {next && quiet("skip", next.go)}
          {back && quiet("back", back)}
        </div>
      </article>
    );

  const slot = answers.slot(card);
  const kind = kindOf(card.kind);
  if (kind.silent)
    return (
      <article class="k-card" aria-label={label}>
        {story && <Story card={card} lang={lang} />}
        <fieldset>
          <legend tabIndex={-1} ref={focused ? toQuestion : undefined}>
            <T text={card.prompt} lang={lang} />
          </legend>
          <kind.View
            {...{ card, lang, uid, announce }}
            value={slot.draft}
            locked={false}
            verdict={null}
            call={props.call}
            change={(value) => answers.edit(slot, value)}
          />
        </fieldset>
        <div class={next ? "k-bar k-stick" : "k-bar"}>
          {next && (
            <button type="button" class="k-go" onClick={next.go}>
              {next.label}
            </button>
          )}
          {back && quiet("back", back)}
        </div>
      </article>
    );
  const practice = card.room === "practice";
  const kept = slot.phase === "kept";
  const verdict = kept && practice ? slot.receipt?.verdict ?? null : null;
  const locked = slot.phase === "sending" || (kept && practice);
  const waiting = slot.phase === "late" || slot.phase === "failed";
  // The hand-in panel is a widget of its own: it finds here what its file would not hold.
  const changed = !practice && slot.receipt && !kept ? card.item : undefined;
  const word = waiting ? "resend" : locked ? (kept ? "again" : "sending") : practice ? "check" : "save";

  const again = (form: Element) => {
    answers.again(slot);
    toQuestion(form);
  };
  const go = (form: HTMLElement) => {
    if (kept && next) next.go();
    else if (kept) practice && again(form);
    else {
      // What is sent is locked: whoever answered by keyboard goes on at the button.
      const sent = answers.submit(slot, lang);
      const first = form.querySelector("[data-missing]") ? "[data-missing]" : "fieldset input";
      const missing = slot.hint === words.sureFirst ? ".k-sure input" : first;
      const there = form.querySelector<HTMLElement>(sent ? "[type=submit]" : missing);
      focus(there);
      // One row left out of eight: whoever pressed the button below them must see which.
      if (!sent) there?.closest(".k-each")?.scrollIntoView({ block: "nearest" });
    }
  };

  return (
    <article class="k-card" aria-label={label} data-changed={changed}>
      {story && <Story card={card} lang={lang} />}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          go(event.currentTarget);
        }}
      >
        <fieldset class={locked ? "k-locked" : slot.hint ? "k-asked" : ""}>
          <legend tabIndex={-1} ref={focused ? toQuestion : undefined}>
            <T text={card.prompt} lang={lang} />
          </legend>
          <kind.View
            card={card}
            lang={lang}
            value={slot.draft}
            locked={locked}
            verdict={verdict}
            uid={uid}
            announce={announce}
            call={props.call}
            change={(value) => answers.edit(slot, value)}
          />
        </fieldset>
        {card.hints?.length ? (
          <Hints
            hints={card.hints}
            open={slot.draft.hints ?? 0}
            more={locked ? undefined : (hints) => answers.beside(slot, { hints })}
            lang={lang}
          />
        ) : null}
        {card.confidence && (
          <Sure
            value={slot.draft.sure}
            locked={locked}
            uid={uid}
            lang={lang}
            pick={(sure) => answers.beside(slot, { sure })}
          />
        )}
        {verdict?.note && (
          <p class="k-soft k-note">
            <T text={verdict.note} lang={lang} />
          </p>
        )}
        {verdict?.takeaway && (
          <p class="k-take">
            <b>{t("takeaway")}</b>
            <T text={verdict.takeaway} lang={lang} />
          </p>
        )}
        <div class={next ? "k-bar k-stick" : "k-bar"}>
          <div class="k-status" role="status">
            <Status slot={slot} lang={lang} />
          </div>
          <button
            type="submit"
            class={kept && !next ? "k-less" : "k-go"}
            aria-disabled={slot.phase === "sending" || (kept && !practice && !next)}
            // The second tap of a double tap, or a key held down, does not skip the verdict.
            onClick={(event) => kept && event.detail > 1 && event.preventDefault()}
            onKeyDown={(event) => event.repeat && event.preventDefault()}
          >
            {kept && next ? next.label : t(word)}
          </button>
          {kept && practice && next && (
            <button
              type="button"
              class="k-less"
              onClick={(event) => again(event.currentTarget.form!)}
            >
              {t("again")}
            </button>
          )}
          {!kept && next && quiet("skip", next.go)}
          {back && quiet("back", back)}
        </div>
      </form>
    </article>
  );
}

/** What happens to the answer, in one calm line. */
function Status({ slot, lang }: { slot: Slot; lang: Lang }) {
  const t = sayer(lang);
  const { phase, receipt, card, why } = slot;
  if (slot.hint) return <p class="k-calm">{slot.hint[lang]}</p>;
  if (phase === "late") return <p class="k-calm">{t("late")}</p>;
  if (phase === "failed")
    return <p class="k-calm">{why ? <T text={why} lang={lang} /> : t("failed")}</p>;
  if (phase === "open" && receipt && card.room !== "practice")
    return <p class="k-soft">{t("changed")}</p>;
  if (phase !== "kept") return null;
  const verdict = receipt?.verdict;
  const judged = verdict && credit(lang, verdict.credit);
  const own = verdict?.parts.find((part) => part.id === slot.draft.option)?.why;
  return (
    <p>
      {judged && (
        <b class={`k-ink-${judged.tone}`}>
          <Sign sign={judged.sign} />
          {judged.word} ·{" "}
        </b>
      )}
      <span class="k-saved">
        <Sign sign="✓" />
        {t("saved")}
      </span>
      {receipt && missed(card, receipt) && slot.draft.sure && (
        <span class="k-odd">{t("sureMissed")}</span>
      )}
      {receipt && verdict && receipt.tries > 1 && receipt.first !== null && (
        <span class="k-odd">
          {t("tries", { n: receipt.tries, s: credit(lang, receipt.first).word })}
        </span>
      )}
      {verdict && verdict.status !== "judged" && <span class="k-odd">{t("unread")}</span>}
      {own && <span class="k-sr">{own[lang]}</span>}
    </p>
  );
}
