// Noticing that something has come into sight again, as when its tab is turned to.

/** Calls `back` whenever `what` is seen after it was out of sight; gives what ends that. */
export function onSight(what: Element, back: () => void): () => void {
  if (typeof IntersectionObserver === "undefined") return () => {};
  let away = false;
  const eye = new IntersectionObserver((entries) => {
    const seen = entries[entries.length - 1]!.isIntersecting;
    if (seen && away) back();
    away = !seen;
  });
  eye.observe(what);
  return () => eye.disconnect();
}
