/** An element of an HTML file with its attributes. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const VOID: ReadonlySet<string> = new Set(['meta', 'col', 'br', 'hr', 'img', 'link', 'input']);
const TAG = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"<>]*")*)\s*>/;

/** The elements of a file in their order; throws on a `<` that begins no tag, and on an element that is not closed or closed in the wrong place. */
export function elementsOf(html: string): readonly Element[] {
  const elements: Element[] = [];
  const open: string[] = [];
  let rest = html.replace(/^<!doctype html>\n/, '');
  for (let at = rest.indexOf('<'); at >= 0; at = rest.indexOf('<')) {
    rest = rest.slice(at);
    const [whole, slash, name, attributes] = TAG.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw new Error(`No tag: ${rest.slice(0, 60)}`);
    rest = rest.slice(whole.length);
    if (slash === '/') {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last ?? 'nothing'}>`);
      continue;
    }
    elements.push({ name, attributes: attributesOf(attributes ?? '') });
    if (!VOID.has(name)) open.push(name);
    // What stands in a style element is no markup.
    if (name === 'style') rest = rest.slice(rest.indexOf('</style>'));
  }
  if (open.length > 0) throw new Error(`Not closed: ${open.join(', ')}`);
  return elements;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}
