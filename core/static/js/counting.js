// How much a text is: the same count as core/kernel/counting.py, of what the server would store.
const WORDS_A_PAGE = 400;
// Direction marks and the byte order mark; then control characters and halves of pairs, but not line ends and tabs.
const UNSEEN = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const CONTROL = /[\p{Cc}\p{Cs}]/gu;

export function clean(text) {
  return text.replace(/\r\n?/g, "\n").normalize("NFC").replace(UNSEEN, "")
    .replace(CONTROL, (one) => (one === "\n" || one === "\t" ? one : "")).trim();
}

export function sizeOf(text) {
  const kept = clean(text);
  const words = kept.split(/\s+/u).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
  return { chars: [...kept].length, words, pages: Math.ceil(words / WORDS_A_PAGE) };
}
