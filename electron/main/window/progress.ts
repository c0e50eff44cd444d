import type { Work } from '../../../shared/contract/shell/processes.ts';

/** How work shows on the taskbar: a value of 0..1, 2 for "working, nobody knows how long", -1 for none; and in the title while no page gives one. */
export interface Shown {
  readonly value: number;
  readonly title: string;
}

const NAME = 'Meterwright';

/** What the taskbar and the title say of the jobs at work. */
export function shownWork(work: readonly Work[]): Shown {
  const [first] = work;
  if (first === undefined) return { value: -1, title: NAME };
  const fractions = work.flatMap(({ fraction }) => fraction ?? []);
  const known = fractions.length === work.length;
  const value = known ? fractions.reduce((sum, fraction) => sum + fraction, 0) / work.length : 2;
  const share = known ? ` ${Math.floor(value * 100)} %` : '';
  const what = work.length === 1 ? first.meter : `${work.length} meters`;
  return { value, title: `${what}: ${work.length === 1 ? first.state : 'upgrading'}${share} - ${NAME}` };
}
