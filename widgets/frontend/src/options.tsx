// What choice and choices share: the rows to pick from, and the verdict that opens inside each.
import type { VerdictPart } from "./contract";
import type { ViewProps } from "./kinds/kind";
import { T, Why } from "./parts";
import type { Tone } from "./words";
import { sayer } from "./words";

interface OptionsProps extends ViewProps {
  type: "radio" | "checkbox";
  picked: string[];
  pick(id: string, on: boolean): void;
  /** The sign, word and colour of one option's verdict. */
  judged(part: VerdictPart, mine: boolean): { sign: string; word: string; tone: Tone };
}

export function Options(props: OptionsProps) {
  const { card, lang, locked, verdict, uid, type, picked, pick, judged } = props;
  const t = sayer(lang);
  return (
    <div class="k-opts">
      {type === "checkbox" && <p class="k-hint">{t("chooseHint")}</p>}
      {(card.options ?? []).map(({ id, text }) => {
        const mine = picked.includes(id);
        const part = verdict?.parts.find((one) => one.id === id);
        const why = `${uid}-${id}`;
        return (
          <div class={mine ? "k-opt k-mine" : "k-opt"} key={id}>
            <label>
              <input
                type={type}
                name={uid}
                checked={mine}
                disabled={locked}
                aria-describedby={part && why}
                onChange={({ currentTarget: input }) => {
                  pick(id, input.checked);
                  input.focus({ preventScroll: true }); // Lab gives the focus of a click to the cell
                }}
              />
              <T text={text} lang={lang} />
            </label>
            {part && (
              <Why id={why} {...judged(part, mine)} note={type === "radio" && mine && t("yours")}>
                {part.why && <T text={part.why} lang={lang} />}
              </Why>
            )}
          </div>
        );
      })}
    </div>
  );
}
