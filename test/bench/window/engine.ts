import { RPCHandler } from '@orpc/server/message-port';
import { openEngine, reportWork } from '../../../electron/engine/parts.ts';
import { createRouter } from '../../../electron/engine/router.ts';
import { listenToShell, type PagePort, type ParentPort, tellShell } from '../../../electron/engine/shell-link.ts';
import { resolveHome } from '../../../electron/inventory/home.ts';
import { createLaptop } from '../../../electron/laptop/index.ts';
import type { JobEvent } from '../../../shared/contract/views.ts';
import type { JobProgress, JobSummary } from '../../../shared/domain/job.ts';
import { benchMeter } from './meters.ts';

const JOBS = 64;
/** Of all jobs together. */
const EVENTS_PER_SECOND = 100;
const BYTES = 30_000_000;
const STARTED_AT = '2026-02-03T04:05:06.000Z';

/** A job of the bench, counted from 1, in the middle of its transfer. */
function summaryOf(number: number): JobSummary {
  const { address, identity } = benchMeter(number);
  return {
    job: `bench-${number}`,
    purpose: 'upgrade',
    host: address.host,
    meter: identity?.name ?? '',
    serial: identity?.serial ?? null,
    simulated: true,
    channel: 'sftp-direct',
    target: 'main',
    state: 'transferring',
    verdict: null,
    startedAt: STARTED_AT,
    changedAt: STARTED_AT,
    before: identity,
    after: null,
    targetVersion: { major: 4, minor: 6, patch: 0 },
    findings: [],
    problem: null,
    report: null,
    asks: null,
    interruptedAt: null,
    pastNoReturn: false,
    bag: null,
    address,
    file: { name: 'ION7400_V004.006.000.zip', sha256: '0'.repeat(64) },
    minimumIonSetup: null,
  };
}

/** The so-manyth progress of all jobs in turn. */
function progressOf(index: number): JobProgress {
  const number = 1 + (index % JOBS);
  const done = (Math.floor(index / JOBS) * 100_000) % BYTES;
  return {
    job: `bench-${number}`,
    meter: benchMeter(number).identity?.name ?? '',
    state: 'transferring',
    stage: { index: 3, count: 7, label: 'Sending the image' },
    bytes: { done, total: BYTES, perSecond: 160_000 },
    secondsLeft: Math.ceil((BYTES - done) / 160_000),
    stop: 'safe',
    message: `${done} of ${BYTES} bytes are on the meter`,
  };
}

/** Calls with the progress of one job after the other, as many as are due at each turn of the clock. */
function emitProgress(emit: (event: JobEvent) => void): void {
  const began = performance.now();
  let sent = 0;
  setInterval(() => {
    for (const due = ((performance.now() - began) * EVENTS_PER_SECOND) / 1_000; sent < due; sent += 1) {
      emit({ type: 'progress', progress: progressOf(sent) });
    }
  }, 5);
}

function die(thrown: unknown): void {
  process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
  process.exit(1);
}

/** The engine of the product, with jobs that only report progress in place of those that would need meters. */
async function main(parent: ParentPort): Promise<void> {
  const early: PagePort[] = [];
  let accept = (port: PagePort): void => void early.push(port);
  listenToShell(parent, { onSlept: () => undefined, onPage: (port) => accept(port), onEnd: () => process.exit(0) });
  const home = resolveHome(undefined, process.env);
  const opened = await openEngine({ home, version: 'bench', laptop: createLaptop(), user: 'bench', onDefect: die });
  if (!opened.ok) throw new Error(opened.problem.because);

  const listeners = new Set<(event: JobEvent) => void>();
  const upgrades = {
    ...opened.value.upgrades,
    list: () => Promise.resolve(Array.from({ length: JOBS }, (_, index) => summaryOf(index + 1))),
    listen(listener: (event: JobEvent) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  reportWork(upgrades, (work) => tellShell(parent, { type: 'work', work: [...work] }));
  emitProgress((event) => {
    for (const listener of listeners) listener(event);
  });
  const handler = new RPCHandler(createRouter({ ...opened.value, upgrades }));
  accept = (port) => {
    handler.upgrade(port);
    port.start();
  };
  for (const port of early) accept(port);
  tellShell(parent, { type: 'ready', home: opened.value.house.paths.home });
}

// Only in a utility process of Electron.
const { parentPort } = process as { readonly parentPort?: ParentPort };
if (parentPort === undefined) die(new Error('The engine of the bench was started by itself.'));
else main(parentPort).catch(die);
