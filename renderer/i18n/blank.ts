import type { Say } from './say.ts';

/** Of the private use area of Unicode: no text has it. */
const BLANK = '\uE000';

/** A text with one blank, looked up once and filled for thousands of rows: to look it up takes longer than all else that a cell needs. */
export function withBlank(t: Say, key: string, blank: string): (value: string) => string {
  const parts = t(key, { [blank]: BLANK }).split(BLANK);
  return (value) => parts.join(value);
}
