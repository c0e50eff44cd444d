import type { RowsAnswer } from '../../../shared/contract/logs.ts';
import type { Problem, Result } from '../../../shared/domain/problem.ts';

/** Rows that are asked for together. */
const PAGE = 200;
/** Pages that are kept; those that were shown longest ago go first. */
const KEPT = 60;

/** A row of a log as it is shown. */
export interface ShownRow {
  readonly time: number | null;
  readonly origin: 'meter' | 'rebuilt' | 'none';
  readonly values: readonly (number | string | null)[];
}

/** The rows of a log, page by page, as they are needed. */
export interface Pages {
  /** Undefined while it is not here. */
  row(index: number): ShownRow | undefined;
  /** Says which rows are on the screen; what is missing is asked for, the newest wish first, one page at a time. */
  want(first: number, end: number): void;
  /** Forgets a failure and asks again. */
  again(): void;
  stop(): void;
}

export interface PagesOptions {
  readonly ask: (start: number, count: number) => Promise<Result<RowsAnswer>>;
  /** Called when rows came, or could not be had. */
  readonly onChange: (problem: Problem | null) => void;
}

/** While somebody scrolls through a million rows most wishes are old before their answer comes, so only the newest is ever asked for. */
export function createPages({ ask, onChange }: PagesOptions): Pages {
  const pages = new Map<number, readonly ShownRow[]>();
  let wish: readonly [number, number] = [0, 0];
  let asking = false;
  let stopped = false;
  let failed = false;

  function missing(): number | undefined {
    const [first, end] = wish;
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page += 1) if (!pages.has(page)) return page;
    return undefined;
  }

  async function work(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      for (let page = missing(); page !== undefined && !stopped && !failed; page = missing()) {
        const answer = await ask(page * PAGE, PAGE);
        if (stopped) return;
        failed = !answer.ok;
        if (answer.ok) keep(page, answer.value);
        onChange(answer.ok ? null : answer.problem);
      }
    } finally {
      asking = false;
    }
  }

  function keep(page: number, answer: RowsAnswer): void {
    pages.delete(page);
    pages.set(
      page,
      answer.times.map((time, index) => ({
        time,
        origin: answer.origins[index] ?? 'none',
        values: answer.values[index] ?? [],
      })),
    );
    for (const old of pages.keys()) {
      if (pages.size <= KEPT) break;
      pages.delete(old);
    }
  }

  return {
    row: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    want(first, end) {
      wish = [first, end];
      void work();
    },
    again() {
      failed = false;
      void work();
    },
    stop() {
      stopped = true;
    },
  };
}
