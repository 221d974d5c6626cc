// An explorer: an anywidget module. The page holds the settings, the kernel draws and says.
import { render as draw } from "preact";
import type { Model } from "../contract";
import { isObject, newId } from "../contract";
import { T, marked, tag } from "../parts";
import { print } from "../print";
import type { Lang } from "../words";
import { say as sayAll } from "../words";
import type { Spec, View } from "./contract";
import { leftAt, readSpec, starts } from "./contract";
import { Knob } from "./controls";
import { Looking } from "./looking";
import { say } from "./words";

const readLang = (raw: unknown): Lang => (raw === "en" ? "en" : "zh");

interface Props {
  spec: Spec;
  look: Looking;
  uid: string;
}

function Explorer({ spec, look, uid }: Props) {
  const { values, lang, view } = look;
  const t = say(lang);
  const other: Lang = lang === "zh" ? "en" : "zh";
  const shown = spec.controls.filter(({ name }) => !view?.hidden.includes(name));
  const troubled = look.phase === "late" || look.phase === "failed";
  return (
    <section class="kefu k-explorer" lang={tag(lang)} aria-labelledby={`${uid}-title`}>
      <div class="k-page k-wide">
        <div class="k-top">
          <b id={`${uid}-title`}>
            <T text={spec.title} lang={lang} />
          </b>
          <button
            type="button"
            class="k-lang k-noprint"
            lang={tag(other)}
            onClick={() => look.set(values, other)}
          >
            {sayAll(lang, "switchLanguage")}
          </button>
        </div>
        <p class="k-soft">
          <T text={spec.lead} lang={lang} />
        </p>
        <div class={`k-bench ${look.bare ? "k-bare" : ""}`}>
          <Picture look={look} troubled={troubled} />
          <form
            class="k-knobs"
            aria-label={t("settings")}
            onSubmit={(event) => event.preventDefault()}
          >
            {shown.map((control) => (
              <Knob
                key={control.name}
                control={control}
                value={values[control.name]}
                lang={lang}
                uid={`${uid}-${control.name}`}
                set={(value) => look.set({ ...look.values, [control.name]: value })}
              />
            ))}
            <button
              type="button"
              class="k-restart k-noprint"
              onClick={() => look.set(starts(spec.controls))}
            >
              {t("restart")}
            </button>
          </form>
          <div class="k-says">
            <Trouble look={look} />
            {/* There from the beginning, or what is put into it is not read aloud. */}
            <div role="region" aria-label={t("says")} aria-live="polite">
              {view && <Said view={view} lang={lang} />}
            </div>
            {view && view.figures.length > 0 && (
              <dl>
                {view.figures.map(({ name, value }) => (
                  <div key={name.en}>
                    <dt>
                      <T text={name} lang={lang} />
                    </dt>
                    <dd>
                      <T text={value} lang={lang} />
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </div>
        </div>
        <div class="k-think">
          <small>{t("think")}</small>
          <b>
            <T text={spec.question} lang={lang} />
          </b>
          <details>
            <summary>{t("answer")}</summary>
            <p>
              <T text={spec.answer} lang={lang} />
            </p>
          </details>
        </div>
        <div class="k-bar k-noprint">
          <button
            type="button"
            class="k-less"
            onClick={({ currentTarget }) => print(currentTarget.closest(".k-page")!)}
          >
            {t("print")}
          </button>
        </div>
      </div>
    </section>
  );
}

/** The picture; where there is none just now, its room. */
function Picture({ look, troubled }: { look: Looking; troubled: boolean }) {
  const { view, frame, lang, bare } = look;
  if (view?.plot) {
    const { src, alt, lang: own, width, height } = view.plot;
    return (
      <figure class={`k-plot ${troubled ? "k-old" : ""}`}>
        <img src={src} alt={alt} lang={tag(own)} width={width} height={height} />
      </figure>
    );
  }
  if (bare) return null;
  const ratio = frame ? `${frame.width} / ${frame.height}` : "3 / 2";
  return (
    <div class="k-plot k-blank" style={{ aspectRatio: ratio }}>
      {!troubled && <p>{say(lang)(view ? "bare" : "drawing")}</p>}
    </div>
  );
}

/** What the numbers say now: the headline, and what follows from it. */
const Said = ({ view, lang }: { view: View; lang: Lang }) => (
  <>
    {view.said.map((text, at) => (
      <p key={at}>{at ? <T text={text} lang={lang} /> : <b>{<T text={text} lang={lang} />}</b>}</p>
    ))}
  </>
);

/** One calm line, where no view came. */
function Trouble({ look }: { look: Looking }) {
  const { phase, lang, why } = look;
  const late = phase === "late";
  const line = late || !why ? say(lang)("late") : why[lang];
  return (
    <div role="status" class="k-noprint">
      {(late || phase === "failed") && (
        <div class="k-calm">
          <p>{marked(line, lang === "en")}</p>
          {late && (
            <button
              type="button"
              class="k-less"
              aria-disabled={look.out}
              onClick={() => look.out || look.ask()}
            >
              {say(lang)(look.out ? "drawing" : "again")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** Lab reads single keys as commands (“a” adds a cell), unless the focused element says not to. */
const ownKeys = (event: Event) =>
  (event.target as Element).setAttribute("data-lm-suppress-shortcuts", "true");

export default {
  /** Draws one view of the model into `el`; what it returns takes it down again. */
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const spec = readSpec(model.get("spec"));
    const lang = readLang(model.get("lang"));
    if (!spec) {
      const words = <p class="k-soft">{say(lang)("nothing")}</p>;
      draw(
        <div class="kefu" lang={tag(lang)}>
          <div class="k-page">{words}</div>
        </div>,
        el,
      );
      return () => draw(null, el);
    }
    // An id that no other view, nor another copy of this module, uses in the page.
    const uid = `kefu-${newId().slice(0, 8)}`;
    const show = () => draw(<Explorer spec={spec} look={look} uid={uid} />, el);
    // Drawn anew, it goes on with the settings of the picture that the model keeps.
    const kept = model.get("seen");
    const { values, lang: chosen = lang, view } = isObject(kept) ? kept : {};
    const look = new Looking(model, leftAt(spec.controls, values), readLang(chosen), show);
    const hear = (message: unknown) => look.hear(message);
    const seen = () => look.hear(model.get("seen"));
    const turn = () => look.set(look.values, readLang(model.get("lang")));
    model.on("msg:custom", hear);
    model.on("change:seen", seen);
    model.on("change:lang", turn);
    el.addEventListener("focusin", ownKeys);
    look.begin(view);
    show();
    return () => {
      model.off("msg:custom", hear);
      model.off("change:seen", seen);
      model.off("change:lang", turn);
      el.removeEventListener("focusin", ownKeys);
      look.close();
      draw(null, el);
    };
  },
};
