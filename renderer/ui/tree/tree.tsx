import { IconChevronRight } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { createTypeAhead, type TreeEntry, treeAct } from './keys.ts';
import classes from './tree.module.css';

export interface TreeItem extends TreeEntry {
  readonly key: string;
  /** What screen readers say; it begins with the name. */
  readonly spoken: string;
  /** The name and what it is part of, on hover. */
  readonly title: string;
  /** Stands at the end of the line. */
  readonly count: string;
  /** Where it stands among those that are part of the same, from 1. */
  readonly position: number;
  /** How many those are. */
  readonly siblings: number;
  /** It is closed, and what is chosen is in it. */
  readonly holdsChosen: boolean;
}

interface TreeProps {
  /** Name of the tree for screen readers. */
  readonly label: string;
  /** Those that are shown, each before its parts; at least one. */
  readonly items: readonly TreeItem[];
  /** Key of the item that is chosen. */
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
  readonly onFold: (keys: readonly string[], open: boolean) => void;
}

const ROW = 28;
const OVERSCAN = 2;
const LETTER = /^[\p{L}\p{N}]$/u;

/**
 * A tree of which one item is chosen; only the items that are seen exist, and the active one, which Tab reaches. Its keys are those of `treeAct`, and
 * letters go to what begins with them. To go somewhere chooses nothing.
 */
export function Tree({ label, items, chosen, onChoose, onFold }: TreeProps) {
  const place = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(chosen);
  const [find] = useState(createTypeAhead);
  const at = placeOf(items, active, chosen);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), at])].sort((a, b) => a - b),
  });
  const [start] = useState(at);
  useEffect(() => virtual.scrollToIndex(start), [virtual, start]);

  const moved = useRef(false);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    place.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  });

  const go = (to: number): void => {
    moved.current = true;
    setActive(items[to]?.key ?? chosen);
    virtual.scrollToIndex(to);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((place.current?.clientHeight ?? 0) / ROW) - 1);
    const done = treeAct(items, at, event.key, page);
    if (done?.act === 'go') go(done.to);
    else if (done?.act === 'choose') onChoose(items[at]?.key ?? chosen);
    else if (done !== undefined) onFold(keysAt(items, done.which), done.act === 'open');
    else if (LETTER.test(event.key)) go(find(items, at, event.key, event.timeStamp));
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent, index: number): void => {
    const { key, open } = items[index] ?? { key: chosen };
    go(index);
    const onSign = event.target instanceof Element && event.target.closest('[data-sign]') !== null;
    if (onSign && open !== undefined) onFold([key], !open);
    else onChoose(key);
  };

  return (
    <div ref={place} role="tree" aria-label={label} className={classes['tree']}>
      <div role="presentation" className={classes['items']} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start: top }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={item.key}
              role="treeitem"
              aria-label={item.spoken}
              aria-level={item.level}
              aria-posinset={item.position}
              aria-setsize={item.siblings}
              aria-expanded={item.open}
              aria-selected={item.key === chosen}
              tabIndex={index === at ? 0 : -1}
              title={item.title}
              data-holds={item.holdsChosen}
              className={classes['item']}
              style={{ top, '--level': item.level } as CSSProperties}
              onKeyDown={onKey}
              onClick={(event) => onClick(event, index)}
            >
              <span data-sign className={classes['sign']}>
                {item.open !== undefined && <IconChevronRight size={14} aria-hidden="true" />}
              </span>
              <bdi className={classes['name']}>{item.name}</bdi>
              {/* Drawn and not a text: the label says it with its unit. */}
              <span className={classes['count']} data-count={item.count} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Where the active item stands; where it is gone, the chosen one, or else the first. */
function placeOf(items: readonly TreeItem[], active: string, chosen: string): number {
  const index = (wanted: string) => items.findIndex(({ key }) => key === wanted);
  const now = index(active);
  return now >= 0 ? now : Math.max(0, index(chosen));
}

function keysAt(items: readonly TreeItem[], which: readonly number[]): readonly string[] {
  return which.flatMap((index) => items[index]?.key ?? []);
}
