// The controls: the browser's own, each with its label.
import { useState } from "preact/hooks";
import { T } from "../parts";
import type { Lang } from "../words";
import type { Choice, Control, Press, Slider, Switch, Value } from "./contract";
import { say } from "./words";

interface Props<C extends Control> {
  control: C;
  value: Value | undefined;
  lang: Lang;
  uid: string;
  set(value: Value): void;
}

export function Knob({ control, ...rest }: Props<Control>) {
  if (control.kind === "slider") return <Slide control={control} {...rest} />;
  if (control.kind === "choice") return <Pick control={control} {...rest} />;
  if (control.kind === "switch") return <Tick control={control} {...rest} />;
  return <Push control={control} {...rest} />;
}

/** As many decimals as the step has. */
const decimals = (step: number) => (String(step).split(".")[1] ?? "").length;

/** The nearest number that the slider can stand on, of what was typed; null if that is no number. */
export function nearest({ low, high, step }: Slider, typed: string): number | null {
  const plain = typed.normalize("NFKC").replace(/[\s,，%]/g, "");
  const number = Number(plain);
  if (!plain || !Number.isFinite(number)) return null;
  const most = Math.floor((high - low) / step + 1e-9);
  const steps = Math.min(most, Math.max(0, Math.round((number - low) / step)));
  return Number((low + steps * step).toFixed(decimals(step) + decimals(low)));
}

function Slide({ control, value, lang, uid, set }: Props<Slider>) {
  const [typed, type] = useState<string | null>(null);
  const { label, unit, low, high, step } = control;
  const now = Number(value);
  const commit = (field: HTMLInputElement) => {
    const found = nearest(control, field.value) ?? now;
    type(null);
    field.value = String(found);
    if (found !== now) set(found);
  };
  return (
    <div class="k-knob">
      <label for={uid}>
        <T text={label} lang={lang} />
      </label>
      <div class="k-slide">
        <input
          type="range"
          id={uid}
          min={low}
          max={high}
          step={step}
          value={now}
          aria-valuetext={unit ? `${now} ${unit[lang]}` : undefined}
          onInput={({ currentTarget }) => {
            type(null);
            set(Number(currentTarget.value));
          }}
        />
        <span class="k-exact">
          <input
            type="text"
            inputMode="decimal"
            autocomplete="off"
            aria-label={say(lang)("exact", { s: label[lang] })}
            value={typed ?? String(now)}
            onInput={({ currentTarget }) => type(currentTarget.value)}
            onBlur={({ currentTarget }) => commit(currentTarget)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.isComposing) return;
              event.preventDefault();
              commit(event.currentTarget);
            }}
          />
          {unit && <T text={unit} lang={lang} />}
        </span>
      </div>
    </div>
  );
}

function Pick({ control, value, lang, uid, set }: Props<Choice>) {
  return (
    <fieldset class="k-knob">
      <legend>
        <T text={control.label} lang={lang} />
      </legend>
      <div class="k-pills">
        {control.options.map((option) => (
          <label class="k-pill" key={option.value}>
            <input
              type="radio"
              name={uid}
              value={option.value}
              checked={value === option.value}
              onChange={() => set(option.value)}
            />
            <T text={option.text} lang={lang} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const Tick = ({ control, value, lang, set }: Props<Switch>) => (
  <div class="k-knob">
    <label class="k-pill">
      <input
        type="checkbox"
        checked={value === true}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
      <T text={control.label} lang={lang} />
    </label>
  </div>
);

const Push = ({ control, value, lang, set }: Props<Press>) => (
  <div class="k-knob">
    <button type="button" class="k-less" onClick={() => set(Number(value) + 1)}>
      <T text={control.label} lang={lang} />
    </button>
  </div>
);
