// What stands beside a question of any kind: its hints, and how sure the learner is.
import type { Hint } from "./contract";
import { T } from "./parts";
import type { Lang } from "./words";
import { sayer } from "./words";

interface HintsProps {
  hints: Hint[];
  /** How many are open. */
  open: number;
  /** Opens the next one; absent where nothing may be changed now. */
  more: ((open: number) => void) | undefined;
  lang: Lang;
}

/** The hints opened so far, and a button for the next that says what it costs. */
export function Hints({ hints, open, more, lang }: HintsProps) {
  const t = sayer(lang);
  const next = hints[open];
  return (
    <div class="k-hints">
      <div role="status">
        {hints.slice(0, open).map(({ text }, at) => (
          <p class="k-tip" key={at}>
            <b>{t("hintOf", { n: at + 1 })}</b>
            <T text={text} lang={lang} />
          </p>
        ))}
      </div>
      {next && more && (
        <button type="button" class="k-quiet" onClick={() => more(open + 1)}>
          {t(open ? "hintMore" : "hint")}
          {t("hintCost", { p: Math.round(next.cost * 100) })}
        </button>
      )}
    </div>
  );
}

interface SureProps {
  value: boolean | undefined;
  locked: boolean;
  uid: string;
  lang: Lang;
  pick(sure: boolean): void;
}

/** Sure, or not sure. */
export function Sure({ value, locked, uid, lang, pick }: SureProps) {
  const t = sayer(lang);
  const row = (sure: boolean) => (
    <label class={value === sure ? "k-pill k-mine" : "k-pill"}>
      <input
        type="radio"
        name={`${uid}-sure`}
        checked={value === sure}
        disabled={locked}
        onChange={({ currentTarget: input }) => {
          pick(sure);
          input.focus({ preventScroll: true });
        }}
      />
      {t(sure ? "sure" : "unsure")}
    </label>
  );
  return (
    <fieldset class="k-sure">
      <legend>{t("howSure")}</legend>
      <div class="k-pills">
        {row(true)}
        {row(false)}
      </div>
    </fieldset>
  );
}
