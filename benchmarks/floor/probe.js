// Put into every page before its own scripts, the same for everybody; only the selectors differ.
// `bench.option`: performance.now() of the first frame in which the question is there and an option
// of it can be picked: laid out, enabled, and what a tap on its middle would hit. Zero is when the
// navigation began.
(({ option, send, prompts, reasons }) => {
  if (window.top !== window) return;
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    roots.push(root);
    return root;
  };
  const find = (selector) => {
    for (const root of roots) {
      const found = root.querySelector(selector);
      if (found) return found;
    }
    return null;
  };
  const middle = (element) => {
    const box = element.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2, box };
  };
  const hit = (x, y) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found;
  };
  const usable = (element) => {
    if (!element) return null;
    const control = element.matches("button, input") ? element : element.querySelector("input");
    if (control?.disabled || element.matches("[disabled], [aria-disabled=true]")) return null;
    let { x, y, box } = middle(element);
    if (!(box.width > 4 && box.height > 4)) return null;
    if (y < 0 || y > innerHeight) {
      element.scrollIntoView({ block: "center", behavior: "instant" });
      ({ x, y, box } = middle(element));
    }
    const there = hit(x, y);
    if (!there || !(element.contains(there) || there.contains(element))) return null;
    // Faded in to less than a tenth is not there yet.
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return null;
    return { x, y };
  };
  const frames = (look) =>
    new Promise((done) => {
      const turn = () => {
        const seen = look();
        if (seen) done(seen);
        else requestAnimationFrame(turn);
      };
      turn();
    });
  const shows = (words) =>
    roots.some((root) => {
      const top = root === document ? document.body : root;
      if (!top?.textContent.includes(words)) return false;
      const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (!walk.currentNode.data.includes(words) || !parent) continue;
        // Scripts that hold it are never laid out.
        if (parent.getClientRects().length && parent.checkVisibility({ visibilityProperty: true }))
          return true;
      }
      return false;
    });
  const bench = (window.bench = { option: 0, clicked: 0, told: 0 });
  const place = () => {
    const there = usable(find(option));
    return there && prompts.some(shows) ? there : null;
  };
  bench.ready = frames(place).then((there) => {
    bench.option = performance.now();
    return there;
  });
  // Where the option is by now: a page may have moved it since.
  bench.place = () => frames(place);
  // What the option under the pointer says: its reason is what will be looked for.
  bench.reason = () => {
    const words = find(option).textContent.trim();
    const known = Object.keys(reasons).find((text) => words.includes(text));
    return known ? reasons[known] : null;
  };
  // Where the button is, once it can be pressed.
  bench.button = () => frames(() => usable(find(send)));
  // From the press itself, whenever the page comes round to it, to the first frame that shows why.
  bench.watch = (words) => {
    bench.clicked = bench.told = 0;
    addEventListener("click", (event) => (bench.clicked ||= event.timeStamp), true);
    bench.done = frames(() => shows(words)).then(() => {
      bench.told = performance.now();
      return bench.told - bench.clicked;
    });
  };
  // Milliseconds from the press to the reason; null if there is none after so long.
  bench.waited = (patience) =>
    Promise.race([bench.done, new Promise((late) => setTimeout(late, patience, null))]);
})
