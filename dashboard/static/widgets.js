// Streamlit's own few words are English, and the page keeps the language it was loaded in. Both follow the
// language that the dashboard speaks here. WORDS, put in front of this, holds them: language, English, words.

const ATTRIBUTES = ["aria-label", "title", "placeholder"];
const WORDED_BY_STREAMLIT = [
  "stFileUploader", "stSkipToContent", "stDialog", "stStatusWidget", "stConnectionStatus", "stElementToolbar",
  "stSelectboxVirtualDropdown", "stMultiSelectDropdown", "stTooltipContent",
].map((name) => `[data-testid=${name}]`).join();
const CHANGES = { subtree: true, childList: true, characterData: true, attributes: true,
  attributeFilter: [...ATTRIBUTES, "role", "lang"] };

const said = new WeakMap(); // of each node: what Streamlit wrote there, and what stands there instead

function pattern([english, words]) {
  const escaped = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return [new RegExp(`^${escaped.replace(/\{(\w+)\}/g, "(?<$1>.+?)")}$`, "s"), words];
}

const PATTERNS = Object.fromEntries(
  Object.entries(WORDS).map(([language, words]) => [language, Object.entries(words).map(pattern)]),
);

function spoken() {
  return document.querySelector(".granska-language")?.lang || document.documentElement.lang;
}

function inWords(text, language) {
  for (const [english, words] of PATTERNS[language] ?? []) {
    const found = english.exec(text);
    if (found) return words.replace(/\{(\w+)\}/g, (_, name) => found.groups[name]);
  }
  return text;
}

function reword(node, place, present, write) {
  const kept = said.get(node) ?? new Map();
  const before = kept.get(place);
  const source = before && before.instead === present ? before.source : present;
  const instead = inWords(source, spoken());
  if (instead === present) return;
  said.set(node, kept.set(place, { source, instead }));
  write(instead);
}

function mend(element) {
  for (const name of ATTRIBUTES) {
    const present = element.getAttribute(name);
    if (present) reword(element, name, present, (words) => element.setAttribute(name, words));
  }
  // A label on something that plays no part contradicts itself; it is a group with that name.
  if (element.matches("[data-testid=stFileUploaderDropzone][role=presentation]")) {
    element.setAttribute("role", "group");
  }
}

function read(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const worded = node.parentElement?.closest(WORDED_BY_STREAMLIT);
    if (worded) reword(node, "text", node.data, (words) => { node.data = words; });
  } else if (node.nodeType === Node.ELEMENT_NODE) {
    mend(node);
    node.childNodes.forEach(read);
  }
}

function follow(changes) {
  if (document.documentElement.lang !== spoken()) {
    document.documentElement.lang = spoken();
    read(document.body);
  }
  for (const change of changes) {
    if (change.type === "childList") change.addedNodes.forEach(read);
    else if (change.type === "attributes") mend(change.target);
    else read(change.target);
  }
}

new MutationObserver(follow).observe(document.body, CHANGES);
read(document.body);
