import type { EngineWords } from '../problem-words.ts';

/** Words that came from the engine; where they are not in the language of the page, they say so to a screen reader. */
export function EngineText({ words: { text, lang } }: { readonly words: EngineWords }) {
  return lang === undefined ? text : <span lang={lang}>{text}</span>;
}
