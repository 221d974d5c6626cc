// How far one has come: in the whole course, or in one lesson.
import type { Text } from "./contract";
import { isObject, readText } from "./contract";
import { Sign, T } from "./parts";
import { print } from "./print";
import type { Lang } from "./words";
import { credit, sayer } from "./words";

/** Items that leave an answer, how many have one, and how many of these are worth another look. */
export interface Count {
  of: number;
  done: number;
  again: number;
}

interface Place {
  id: string;
  title: Text;
  minutes: number;
  /** The lesson's notebook in each language's folder; null while it is not written. */
  file: string | null;
}

interface Item {
  item: string;
  title: Text;
  prompt: Text;
  credit: number | null;
  first: number | null;
  tries: number;
}

interface LessonMap extends Count {
  lesson: { id: string; title: Text };
  items: Item[];
  next: Place | null;
}

interface CourseMap {
  title: Text;
  chapters: { number: number; title: Text; lessons: (Place & Count)[] }[];
}

/** What the kernel says of progress in a lesson; null when it says nothing. */
export const readCount = (raw: unknown): Count | null =>
  isObject(raw) && [raw.of, raw.done, raw.again].every((n) => typeof n === "number")
    ? (raw as unknown as Count)
    : null;

/** “7 of 12, 2 to look at again”. */
export function said({ of, done, again }: Count, lang: Lang): string {
  const t = sayer(lang);
  const words = [t("doneOf", { n: done, m: of })];
  if (again) words.push(t("toSeeAgain", { n: again }));
  return words.join(lang === "zh" ? "，" : ", ");
}

/** A map, of whichever sort it is; nothing if it is none. */
export function CourseOrLesson({ raw, lang }: { raw: unknown; lang: Lang }) {
  if (!isObject(raw)) return null;
  if (Array.isArray(raw.chapters)) return <Course {...(raw as unknown as CourseMap)} lang={lang} />;
  if (Array.isArray(raw.items)) return <Lesson {...(raw as unknown as LessonMap)} lang={lang} />;
  return null;
}

const sign = ({ of, done, again }: Count) => (of && done === of ? (again ? "◐" : "✓") : "○");

/** Where to go on: the first lesson with something unanswered; else with something to look at again. */
export const onward = (lessons: (Place & Count)[]) => {
  const open = lessons.filter((lesson) => lesson.file);
  const left = open.find((lesson) => lesson.done < lesson.of);
  return left ?? open.find((lesson) => lesson.again > 0) ?? null;
};

function Course({ title, chapters, lang }: CourseMap & { lang: Lang }) {
  const t = sayer(lang);
  const all = chapters.flatMap((chapter) => chapter.lessons);
  const sum = (what: keyof Count) => all.reduce((total, lesson) => total + lesson[what], 0);
  const count = { of: sum("of"), done: sum("done"), again: sum("again") };
  const to = onward(all);
  return (
    <section class="k-map">
      <Paper title={readText(title)} lang={lang} />
      <p class="k-soft" role="status">
        {said(count, lang)}
      </p>
      {to && (
        <Open place={to} lang={lang} class="k-onward">
          <small>{t(to.done < to.of ? (count.done ? "goOn" : "begin") : "lookAgain")}</small>
          <b>
            {to.id} <T text={to.title} lang={lang} />
          </b>
          <small>
            {said(to, lang)} · {t("minutes", { n: to.minutes })}
          </small>
        </Open>
      )}
      {chapters.map((chapter) => (
        <Chapter key={chapter.number} {...chapter} open={chapter.lessons.includes(to!)} lang={lang} />
      ))}
      <Printer lang={lang} />
    </section>
  );
}

type ChapterProps = CourseMap["chapters"][number] & { open: boolean; lang: Lang };

function Chapter({ number, title, lessons, open, lang }: ChapterProps) {
  const t = sayer(lang);
  const written = lessons.filter((lesson) => lesson.file);
  const whole = written.filter((lesson) => lesson.of > 0 && lesson.done === lesson.of);
  return (
    <details class="k-chapter" open={open}>
      <summary>
        <span>
          {number} <T text={title} lang={lang} />
        </span>
        <small>
          {written.length
            ? t("lessonsDone", { n: whole.length, m: written.length })
            : t("notYet")}
        </small>
      </summary>
      <ul role="list">
        {lessons.map((lesson) => (
          <li key={lesson.id}>
            <Open place={lesson} lang={lang} class="k-place">
              {lesson.file ? <Sign sign={sign(lesson)} /> : <i />}
              <span>
                {lesson.id} <T text={lesson.title} lang={lang} />
              </span>
              <small>
                {lesson.file
                  ? `${said(lesson, lang)} · ${t("minutes", { n: lesson.minutes })}`
                  : t("notYet")}
              </small>
            </Open>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Lesson({ lesson, items, next, lang, ...count }: LessonMap & { lang: Lang }) {
  const t = sayer(lang);
  return (
    <section class="k-map">
      <Paper title={readText(lesson.title)} id={lesson.id} lang={lang} />
      <p class="k-soft" role="status">
        {said(count, lang)}
      </p>
      <ul role="list">
        {items.map((one) => {
          const word = one.credit === null ? null : credit(lang, one.credit);
          return (
            <li key={one.item} class="k-result">
              <b class={`k-ink-${word?.tone ?? "soft"}`}>
                <Sign sign={word?.sign ?? "○"} />
                {word?.word ?? t("unanswered")}
              </b>
              <T text={one.prompt} lang={lang} />
              <small>
                <T text={one.title} lang={lang} />
                {one.tries > 1 && one.first !== null && (
                  <> · {t("tries", { n: one.tries, s: credit(lang, one.first).word })}</>
                )}
              </small>
            </li>
          );
        })}
      </ul>
      {next && (
        <Open place={next} lang={lang} class="k-onward">
          <small>{t("nextLesson")}</small>
          <b>
            {next.id} <T text={next.title} lang={lang} />
          </b>
        </Open>
      )}
      <Printer lang={lang} />
    </section>
  );
}

/** The head of the printed page: what it is, whose, and of which day. On screen the notebook says it. */
export function Paper({ title, id = "", lang }: { title: Text | null; id?: string; lang: Lang }) {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return (
    <div class="k-paper" aria-hidden="true">
      <b>
        {id} {title && <T text={title} lang={lang} />}
      </b>
      <p>{sayer(lang)("nameAndDay", { d: day })}</p>
    </div>
  );
}

interface OpenProps {
  place: Place;
  lang: Lang;
  class: string;
  children: preact.ComponentChildren;
}

/** A lesson's link; in JupyterLab the extension opens it beside this one. */
function Open({ place, lang, children, ...rest }: OpenProps) {
  if (!place.file) return <div {...rest}>{children}</div>;
  const file = `../${lang}/${place.file}`;
  return (
    <a {...rest} href={file} data-kefu-notebook={file}>
      {children}
    </a>
  );
}

export function Printer({ lang, children }: { lang: Lang; children?: preact.ComponentChildren }) {
  return (
    <div class="k-bar k-noprint">
      {children}
      <button
        type="button"
        class="k-less"
        onClick={({ currentTarget }) => print(currentTarget.closest(".k-map")!)}
      >
        {sayer(lang)("print")}
      </button>
    </div>
  );
}
