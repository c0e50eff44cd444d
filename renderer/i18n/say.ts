/** Looks up a text: "meters:column.name", with what stands in its `{{blanks}}`. The `t` of i18next is one. */
export type Say = (key: string, ...values: [] | [Record<string, string>]) => string;

/** The same for texts that are there, without i18next; a key without a text is answered by itself. Without plurals. */
export function sayFrom(texts: object): Say {
  return (key, values = {}) => {
    const found = key.split(/[:.]/).reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), texts);
    if (typeof found !== 'string') return key;
    return found.replace(/\{\{(\w+)\}\}/gu, (blank, name: string) => values[name] ?? blank);
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
