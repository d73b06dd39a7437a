// How much a text is: the same count as core/kernel/counting.py, of what the server would store.
const WORDS_A_PAGE = 400;
// Direction marks, the byte order mark and what is no character; then control characters and halves of pairs, but not
// line ends and tabs. Composed is what is left.
const UNSEEN = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\p{Noncharacter_Code_Point}]/gu;
const CONTROL = /[\p{Cc}\p{Cs}]/gu;

export function clean(text) {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, "")
    .replace(CONTROL, (one) => (one === "\n" || one === "\t" ? one : "")).normalize("NFC").trim();
}

export function sizeOf(text) {
  const kept = clean(text);
  const words = kept.split(/\s+/u).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
  return { chars: [...kept].length, words, pages: Math.ceil(words / WORDS_A_PAGE) };
}
