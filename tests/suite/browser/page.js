// What is wrong with the page that is open, a sentence each. It reads the page and changes nothing.
(() => {
  const found = [];
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const name = element => `<${element.tagName.toLowerCase()} class="${element.className}"> "${element.textContent.trim().slice(0, 40)}"`;
  const shown = element => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });

  // Order: one title, no level left out; one of each landmark; ids once; a language.
  const levels = all('h1, h2, h3, h4, h5, h6').filter(shown).map(heading => [+heading.tagName[1], name(heading)]);
  if (levels.filter(([level]) => level === 1).length !== 1) found.push('not one h1');
  levels.reduce((above, [level, heading]) => (level > above + 1 && found.push(`a level is left out before ${heading}`), level), 0);
  for (const part of ['header', 'main', 'footer'])
    if (all(`body > ${part}, body > .page > ${part}`).length !== 1) found.push(`not one ${part}`);
  const ids = all('[id]').map(element => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach(id => found.push(`the id ${id} is there twice`));
  if (!document.documentElement.lang || !document.title) found.push('no language or title');

  // Names: what is reached by keyboard or read aloud says what it is.
  const named = element => element.getAttribute('aria-label') || element.textContent.trim();
  all('nav, [tabindex]').filter(element => !element.getAttribute('aria-label')).forEach(element => found.push(`no label: ${name(element)}`));
  all('a[href], summary').filter(shown).filter(element => !named(element) && !element.querySelector('img[alt]')).forEach(element => found.push(`no name: ${element.outerHTML}`));
  all('summary :is(a, button, input)').forEach(element => found.push(`acts within what folds: ${name(element)}`));
  const regions = all('aside, section[aria-label], nav').map(element => element.tagName + named(element));
  regions.filter((region, at) => regions.indexOf(region) !== at).forEach(region => found.push(`a landmark of one name twice: ${region.slice(0, 60)}`));
  all('img:not([alt])').forEach(image => found.push(`no alt: ${image.src.slice(0, 80)}`));
  all('th:not([scope])').filter(cell => cell.closest('.report')).forEach(cell => found.push(`no scope: ${name(cell)}`));

  all('a[href^="#"]').map(link => decodeURIComponent(link.hash.slice(1))).filter(id => id.toLowerCase() !== 'top' && !document.getElementById(id)).forEach(id => found.push(`nothing is at #${id}`));

  // What scrolls can be reached by keyboard.
  for (const box of all('main *').filter(shown)) {
    const scrolls = box.scrollWidth > box.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(box).overflowX);
    if (scrolls && box.tabIndex < 0) found.push(`scrolls without a keyboard: ${name(box)}`);
  }

  // Every element that takes the focus shows it, and is large enough to hit unless it stands in a line of text.
  for (const element of all('a[href], summary, [tabindex]').filter(shown)) {
    element.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement !== element) { found.push(`takes no focus: ${name(element)}`); continue; }
    if (getComputedStyle(element).outlineStyle === 'none') found.push(`no outline: ${name(element)}`);
    const box = element.getBoundingClientRect();
    if (box.height < 24 && getComputedStyle(element).display !== 'inline') found.push(`only ${box.height} px high: ${name(element)}`);
  }
  document.activeElement.blur();

  // Contrast: text against what lies behind it, as WCAG 2 counts it.
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const over = new Map();
  const paint = layers => {
    const key = layers.join();
    if (!over.has(key)) {
      canvas.clearRect(0, 0, 1, 1);
      for (const layer of layers) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
      over.set(key, [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
    }
    return over.get(key);
  };
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const grounds = new Map();
  const behind = element => {
    if (!element) return ['Canvas'];
    if (!grounds.has(element)) grounds.set(element, [...behind(element.parentElement), getComputedStyle(element).backgroundColor]);
    return grounds.get(element);
  };
  const seen = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (seen.has(element) || !texts.currentNode.data.trim() || !shown(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const ground = behind(element);
    const ink = element.closest('svg') ? style.fill : style.color;
    const [low, high] = [light(paint(ground)), light(paint([...ground, ink]))].sort((a, b) => a - b);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  }
  return found;
})()
