// After the last question: what was answered, and which ones are worth another look.
import type { Answers } from "./answers";
import { missed } from "./answers";
import type { Card } from "./contract";
import { isKnown, isSilent, kindOf } from "./kinds";
import { readText } from "./contract";
import { Paper, Printer } from "./map";
import { Sign, T, marked } from "./parts";
import type { Lang, Word } from "./words";
import { credit, sayer } from "./words";

interface SummaryProps {
  cards: Card[];
  lang: Lang;
  answers: Answers;
  focused: boolean;
  open(at: number): void;
}

const focus = (head: HTMLElement | null) => head?.focus();

export function Summary({ cards, lang, answers, focused, open }: SummaryProps) {
  const t = sayer(lang);
  const rows = cards.map((card, at) => {
    const receipt = isKnown(card.kind) ? answers.slot(card).receipt : null;
    const said = !receipt
      ? { sign: "○", word: t(card.room === "practice" ? "unanswered" : "unsaved"), tone: "soft" }
      : receipt.verdict
        ? credit(lang, receipt.verdict.credit)
        : { sign: "✓", word: t("saved"), tone: "good" };
    const own = receipt && kindOf(card.kind).describe(card, receipt.response, lang);
    return { card, at, said, own, good: receipt !== null && !missed(card, receipt) };
  }).filter(({ card }) => !isSilent(card.kind));
  const counted = cards.some((card) => card.room !== "practice");
  const n = rows.filter((row) => row.own !== null).length;
  const group = (word: Word, list: typeof rows) =>
    list.length > 0 && (
      <section>
        <p class="k-head">{t(word)}</p>
        <ul class="k-list" role="list">
          {list.map(({ card, at, said, own }) => (
            <li key={card.item}>
              <button type="button" class="k-row" onClick={() => open(at)}>
                <b class={`k-ink-${said.tone}`}>
                  <Sign sign={said.sign} />
                  {said.word}
                </b>
                <T text={card.prompt} lang={lang} />
                <small>{own && marked(own, lang === "en")}</small>
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  return (
    <div class="k-card k-map">
      <Paper title={readText(cards[0]?.title)} lang={lang} />
      <p class="k-title" tabIndex={-1} ref={focused ? focus : undefined}>
        {t(counted ? "summarySaved" : "summary", { n, m: rows.length })}
      </p>
      {group(counted ? "unsavedOnes" : "lookAgain", rows.filter((row) => !row.good))}
      {group(counted ? "savedOnes" : "others", rows.filter((row) => row.good))}
      <Printer lang={lang}>
        <button type="button" class="k-go" onClick={() => open(0)}>
          {t("toFirst")}
        </button>
      </Printer>
    </div>
  );
}
