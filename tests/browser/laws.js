// What the page itself is asked, one function a law; each gives its findings, one line each.
(() => {
  const root = () => [...document.querySelectorAll(".kefu")];
  const all = (wanted) => root().flatMap((one) => [...one.querySelectorAll(wanted)]);
  const told = (one) => {
    const name = one.getAttribute("class") ?? "";
    const words = (one.getAttribute("aria-label") ?? one.textContent ?? "").trim().slice(0, 40);
    return `<${one.localName}${name && ` class="${name}"`}> ${words}`;
  };
  const seen = (one) => {
    if (!one.checkVisibility({ visibilityProperty: true })) return false;
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const heard = (one) => one.closest(".k-sr"); // words that are only listened to
  const stops = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const aim = (one) => {
    // A radio button or a checkbox is hit anywhere on its label.
    const label = one.matches("input[type=radio], input[type=checkbox]") && one.closest("label");
    return (label || one).getBoundingClientRect();
  };

  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflow);
  const sticks = (one) => {
    for (let up = one; up; up = up.parentElement)
      if (getComputedStyle(up).position === "sticky") return true;
    return false;
  };

  /** The part of a box that is not hidden by something that scrolls, or is cut, by itself. */
  const inSight = (box, one) => {
    let { left, right, top, bottom } = box;
    for (let up = one; up && !up.matches(".kefu"); up = up.parentElement) {
      if (getComputedStyle(up).overflow === "visible") continue;
      const frame = up.getBoundingClientRect();
      [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
      [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
    }
    return bottom > top && right > left ? new DOMRect(left, top, right - left, bottom - top) : null;
  };

  /** Pieces of text that are to be read, each with where it stands. */
  const texts = () => {
    const found = [];
    for (const one of root()) {
      const walk = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const node = walk.currentNode;
        const parent = node.parentElement;
        if (!node.data.trim() || heard(parent) || !seen(parent)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].map((box) => inSight(box, parent)).filter(Boolean);
        found.push({ node, parent, boxes });
      }
    }
    return found;
  };

  window.laws = {
    sideways() {
      const wide = document.documentElement.clientWidth;
      const found = [];
      if (document.documentElement.scrollWidth > wide)
        found.push(`the page is ${document.documentElement.scrollWidth} wide in ${wide}`);
      for (const { parent, boxes } of texts()) {
        if (boxes.some((box) => box.right > wide + 1 || box.left < -1))
          found.push(`out of the page: ${told(parent)}`);
      }
      return found;
    },

    lost() {
      const found = [];
      for (const one of all("*")) {
        if (heard(one) || !seen(one) || one.closest("svg") || scrolls(one)) continue;
        const style = getComputedStyle(one);
        const cut = (axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
        if (cut("X") && one.scrollWidth > one.clientWidth + 1) found.push(`cut off: ${told(one)}`);
        if (cut("Y") && one.scrollHeight > one.clientHeight + 1) found.push(`cut off: ${told(one)}`);
      }
      const boxes = texts()
        .filter(({ parent }) => !sticks(parent)) // it slides over the rest
        .flatMap(({ node, parent, boxes }) => boxes.map((box) => ({ node, parent, box })));
      boxes.sort((a, b) => a.box.top - b.box.top);
      boxes.forEach((a, at) => {
        for (const b of boxes.slice(at + 1)) {
          if (b.box.top >= a.box.bottom) break;
          if (a.node === b.node) continue;
          const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const high = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
          // Lines set close share a little of their leading.
          if (wide > 2 && high > 0.4 * Math.min(a.box.height, b.box.height))
            found.push(`one over the other: ${told(a.parent)} and ${told(b.parent)}`);
        }
      });
      for (const bar of all(".k-stick"))
        if (bar.getBoundingClientRect().height > 0.5 * innerHeight)
          found.push("the bar takes more than half of the screen");
      return found;
    },

    targets() {
      const found = [];
      for (const one of all(stops)) {
        if (!seen(one) || one.disabled) continue;
        const { width, height } = aim(one);
        if (Math.min(width, height) < 43.5)
          found.push(`${width.toFixed(0)} x ${height.toFixed(0)}: ${told(one)}`);
      }
      return found;
    },

    /** The focus can be seen on whatever has it. */
    focus() {
      const one = document.activeElement;
      if (!one?.closest(".kefu")) return null;
      const marked = (() => {
        for (let up = one, n = 0; up && n < 4; up = up.parentElement, n += 1) {
          const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(up);
          if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\)$/.test(outlineColor))
            return up;
        }
        return null;
      })();
      const box = (marked ?? one).getBoundingClientRect();
      const shown = box.bottom > 0 && box.top < innerHeight;
      const at = aim(one);
      const [x, y] = [at.left + at.width / 2, at.top + at.height / 2];
      const over = document.elementFromPoint(x, y);
      const hidden = y >= 0 && y < innerHeight && over?.closest(".k-stick") && !one.closest(".k-stick");
      const wrong = !marked ? "no mark of focus" : !shown ? "focus out of sight" : hidden ? "focus under the bar" : "";
      const id = `${told(one)} ${one.name ?? ""} ${one.id}`;
      return { id, wrong: wrong && `${wrong}: ${told(one)}` };
    },

    langs() {
      const found = [];
      const check = (words, one) => {
        const tag = one.closest("[lang]")?.lang ?? "";
        const han = /\p{Script=Han}/u.test(words);
        const latin = (words.match(/\p{Script=Latin}{2,}/gu) ?? []).length;
        if (han && !tag.startsWith("zh")) found.push(`汉字 under lang="${tag}": ${words.slice(0, 40)}`);
        if (!han && latin > 2 && !tag.startsWith("en"))
          found.push(`English under lang="${tag}": ${words.slice(0, 40)}`);
      };
      for (const { node, parent } of texts()) check(node.data.trim(), parent);
      for (const one of all("[aria-label]")) check(one.getAttribute("aria-label"), one);
      return found;
    },

    colour() {
      const found = [];
      const tones = ".k-good, .k-part, .k-bad, .k-ink-good, .k-ink-part, .k-ink-bad, .k-saved";
      for (const one of all(tones)) {
        const sign = one.querySelector(".k-sign");
        const words = (one.textContent ?? "").replace(sign?.textContent ?? "", "");
        if (!sign || !/[\p{L}\p{N}]{2,}/u.test(words)) found.push(`colour alone: ${told(one)}`);
      }
      return found;
    },

    /** With the system's own colours, what is picked still looks picked. */
    forced() {
      const found = [];
      for (const one of all("input:checked"))
        if (getComputedStyle(one).appearance === "none") found.push(`unmarked: ${told(one)}`);
      return found;
    },

    motion() {
      const found = document.getAnimations().map((one) => `moves: ${told(one.effect.target)}`);
      for (const one of all("*")) {
        for (const part of [null, "::before", "::after"]) {
          const { animationName, transitionDuration } = getComputedStyle(one, part);
          const still = transitionDuration.split(", ").every((time) => parseFloat(time) === 0);
          if (animationName !== "none" || !still) found.push(`would move: ${told(one)}`);
        }
      }
      return found;
    },

    /** Remembers which places will be listened to. */
    listen() {
      window.places = new Set(all('[role="status"], [role="alert"], [aria-live]'));
      window.said = [];
      new MutationObserver((list) => {
        for (const { target } of list) {
          const up = target.nodeType === 1 ? target : target.parentElement;
          const place = up?.closest('[role="status"], [role="alert"], [aria-live]');
          if (window.places.has(place)) window.said.push(place.textContent.trim());
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    },
  };
})();
