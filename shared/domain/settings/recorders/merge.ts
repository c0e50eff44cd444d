import { atLeast, formatFirmware } from '../../firmware-version.ts';
import type { RecorderMeter } from './check.ts';
import { daysOfHistory } from './history.ts';
import {
  DLMS_COLUMNS,
  isBurst,
  MORE_SOURCES_SINCE,
  maximumDepth,
  maximumSources,
  type RecorderSettings,
  type Recorders,
} from './recorder.ts';

/** Recorders that could become one, and what that would cost. */
export interface RecorderMerge {
  /** Numbers of the recorders, ascending. The first becomes the large one; the others become free. */
  readonly recorders: readonly number[];
  /** The large recorder. Its buffer is as deep as the deepest buffer of its members. */
  readonly merged: RecorderSettings;
  /** Sources that several members have: they are linked once. */
  readonly linkedOnce: number;
  /** Records that each member loses, at most: its whole log is erased. */
  readonly erased: readonly { readonly recorder: number; readonly records: number }[];
  /** Days of history of each member when full, and of the large one. */
  readonly daysBefore: readonly { readonly recorder: number; readonly days: number }[];
  readonly daysAfter: number;
  /** True when some member reaches back further than the large recorder will. */
  readonly lessHistory: boolean;
  /** Sources that a DLMS export no longer shows. */
  readonly hiddenFromDlms: number;
  /** Members that are logs of the factory setup, which the vendor's software expects to find. Source: ION7400 help, default data logging. */
  readonly factoryLogs: readonly number[];
}

/** The answer, and one sentence when there is nothing to merge. */
export interface MergeAdvice {
  readonly merges: readonly RecorderMerge[];
  readonly because: string;
}

/** Data Recorders 1 to 4 hold the Revenue Log and the Historical Mean, High and Low logs (the fourth by inference). */
const LAST_FACTORY_LOG = 4;

type Timed = RecorderSettings & { readonly interval: number };
type Member = readonly [number, Timed];

/**
 * Which recorders could become one recorder of up to 50 sources: same interval, same mode, same Insert Outage Records, triggered by a timer and without
 * pre- or post-trigger records. Recorders are taken in the order of their numbers; one whose sources no longer fit starts a recorder of its own.
 * The large one keeps as many records as its deepest member, or as many as fit.
 */
export function adviseMerges(recorders: Recorders, { firmware }: Pick<RecorderMeter, 'firmware'>): MergeAdvice {
  if (!atLeast(firmware, MORE_SOURCES_SINCE)) {
    return {
      merges: [],
      because: `Firmware ${formatFirmware(firmware)} links 16 sources to a recorder; 50 come with 4.6.0.`,
    };
  }
  const most = maximumSources(firmware, false);
  const merges = groupsAlike(recorders)
    .flatMap((group) => packed(group, most))
    .filter((members) => members.length > 1)
    .map(mergeOf)
    .sort((a, b) => (a.recorders[0] ?? 0) - (b.recorders[0] ?? 0));
  const because =
    merges.length > 0
      ? `${merges.reduce((sum, { recorders: { length } }) => sum + length, 0)} recorders could become ${merges.length}.`
      : 'No two recorders have the same interval and trigger settings and fit into one of 50 sources.';
  return { merges, because };
}

function groupsAlike(recorders: Recorders): readonly (readonly Member[])[] {
  const groups = new Map<string, Member[]>();
  for (const [number, recorder] of [...recorders].sort(([a], [b]) => a - b)) {
    const { interval, mode, insertOutageRecords } = recorder;
    if (interval === null || !(interval > 0) || isBurst(recorder) || recorder.sources.length === 0) continue;
    const key = JSON.stringify([interval, mode, insertOutageRecords]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push([number, { ...recorder, interval }]);
  }
  return [...groups.values()];
}

/** First fit: each member goes into the first recorder that still has room for its sources. */
function packed(group: readonly Member[], most: number): readonly (readonly Member[])[] {
  const bins: { readonly members: Member[]; sources: ReadonlySet<string> }[] = [];
  for (const member of group) {
    const added = (sources: ReadonlySet<string>) => new Set([...sources, ...member[1].sources]);
    const bin = bins.find(({ sources }) => added(sources).size <= most);
    if (bin === undefined) {
      bins.push({ members: [member], sources: new Set(member[1].sources) });
    } else {
      bin.members.push(member);
      bin.sources = added(bin.sources);
    }
  }
  return bins.map(({ members }) => members);
}

function mergeOf(members: readonly Member[]): RecorderMerge {
  const settings = members.map(([, recorder]) => recorder);
  const linked = settings.flatMap(({ sources }) => sources);
  const sources = [...new Set(linked)];
  const wanted = Math.max(...settings.map(({ depth }) => depth));
  const depth = Math.min(wanted, maximumDepth(sources.length));
  const [first] = settings;
  const interval = first?.interval ?? 0;
  const daysBefore = members.map(([recorder, { depth: own }]) => ({ recorder, days: daysOf(own, interval) }));
  const daysAfter = daysOf(depth, interval);
  const bufferDepth = Math.min(depth, Math.max(...settings.map((recorder) => recorder.bufferDepth)));
  return {
    recorders: members.map(([number]) => number),
    merged: {
      ...(first?.name === undefined ? {} : { name: first.name }),
      interval,
      depth,
      bufferDepth,
      sources,
      insertOutageRecords: first?.insertOutageRecords ?? false,
      mode: first?.mode ?? 'circular',
      preTrigger: 0,
      postTrigger: 0,
    },
    linkedOnce: linked.length - sources.length,
    erased: members.map(([recorder, { depth: records }]) => ({ recorder, records })),
    daysBefore,
    daysAfter,
    lessHistory: daysBefore.some(({ days }) => days > daysAfter),
    hiddenFromDlms: Math.max(0, sources.length - DLMS_COLUMNS),
    factoryLogs: members.map(([number]) => number).filter((number) => number <= LAST_FACTORY_LOG),
  };
}

function daysOf(depth: number, interval: number): number {
  return daysOfHistory(depth, interval) ?? 0;
}
