import { Fragment, type ReactElement, type ReactNode } from 'react';

const SVG = 'http://www.w3.org/2000/svg';

/** What React calls otherwise than documents do; all others have the same name in both, in lower case. */
const NAMES: Readonly<Record<string, string>> = { className: 'class', viewBox: 'viewBox', dateTime: 'datetime' };

/**
 * Draws elements of React into a node, without React: a first picture of them, before there is anybody to render them. For components without
 * hooks; handlers and keys have no meaning in a picture and are left out.
 *
 * @throws TypeError for anything else than texts, elements of the document and such components
 */
export function draw(node: ReactNode, into: Element): void {
  if (node === null || node === undefined || typeof node === 'boolean' || node === '') return;
  if (typeof node === 'string' || typeof node === 'number' || typeof node === 'bigint') {
    into.append(String(node));
  } else if (isList(node)) {
    for (const one of node) draw(one, into);
  } else if (isElement(node)) {
    drawElement(node, into);
  } else {
    throw new TypeError('A first picture has only what can be drawn at once.');
  }
}

function drawElement({ type, props }: ReactElement<Readonly<Record<string, unknown>>>, into: Element): void {
  if (typeof type === 'function') {
    // A component as the types of React have it; one with a hook throws when it is called here.
    draw((type as (given: typeof props) => ReactNode)(props), into);
  } else if (isFragment(type)) {
    draw(props['children'] as ReactNode, into);
  } else if (typeof type === 'string') {
    drawOne(type, props, into);
  } else {
    throw new TypeError('A first picture has no component that only React can render.');
  }
}

function drawOne(type: string, props: Readonly<Record<string, unknown>>, into: Element): void {
  const space = type === 'svg' ? SVG : into.namespaceURI;
  const made = document.createElementNS(space, type);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'style') drawStyle(value, made as HTMLElement);
    else if (name === 'children') draw(value as ReactNode, made);
    else if (isShown(name, value))
      made.setAttribute(NAMES[name] ?? name.toLowerCase(), value === true && !isWord(name) ? '' : String(value));
  }
  into.append(made);
}

/** Sizes without a unit are in pixels. */
function drawStyle(style: unknown, made: HTMLElement): void {
  for (const [name, value] of Object.entries(Object(style) as object)) {
    made.style.setProperty(
      name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`),
      typeof value === 'number' ? `${value}px` : String(value),
    );
  }
}

/** Whether an attribute has "true" and "false" as words, and not its presence. */
function isWord(name: string): boolean {
  return name.startsWith('aria-') || name.startsWith('data-');
}

function isShown(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'function') return false;
  return value !== false || isWord(name);
}

function isFragment(type: unknown): boolean {
  return type === Fragment;
}

function isList(node: ReactNode): node is Iterable<ReactNode> & object {
  return typeof node === 'object' && node !== null && Symbol.iterator in node;
}

function isElement(node: ReactNode): node is ReactElement<Readonly<Record<string, unknown>>> {
  return typeof node === 'object' && node !== null && 'type' in node && 'props' in node;
}
