/**
 * A text from a meter, a file or a person as it may be shown: line breaks and tabs become blanks; every other character that is invisible, turns the
 * direction of what follows or is no character at all is written out as `\u{202E}`, so that no value can pretend to be another.
 */
export function plain(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `\\u{${code.toString(16).toUpperCase().padStart(4, '0')}}`;
    });
}
