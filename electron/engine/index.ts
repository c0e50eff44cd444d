import { userInfo } from 'node:os';
import { ORPCError, onError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { version } from '../../package.json';
import { METER_STATE, problem, reasonOf } from '../../shared/domain/problem.ts';
import { resolveHome } from '../inventory/home.ts';
import { createLaptop } from '../laptop/index.ts';
import { type EngineParts, openEngine } from './parts.ts';
import { createRouter } from './router.ts';
import { laptopAwakeByShell, listenToShell, type PagePort, type ParentPort, tellShell } from './shell-link.ts';

/** How long the jobs are given to write what they know before the engine ends anyway; their journals are complete at every moment. */
const END_MS = 5_000;

/**
 * A defect: nothing is known of the state of this process any more, so it ends and its jobs are found interrupted. The shell starts
 * another one.
 */
function die(thrown: unknown): void {
  process.stderr.write(`The engine ends: ${thrown instanceof Error ? thrown.stack : reasonOf(thrown)}\n`);
  process.exit(1);
}

/** A call that threw is a defect; the page is told only that, so the reason goes into the log. Refused inputs are the page's defects. */
function logDefect(thrown: unknown): void {
  if (thrown instanceof ORPCError && thrown.code !== 'INTERNAL_SERVER_ERROR') return;
  process.stderr.write(`A call failed: ${thrown instanceof Error ? thrown.stack : reasonOf(thrown)}\n`);
}

async function main(parent: ParentPort): Promise<void> {
  const early: PagePort[] = [];
  let accept = (port: PagePort): void => void early.push(port);
  let parts: EngineParts | undefined;
  listenToShell(parent, {
    onPage: (port) => accept(port),
    // Before there are parts there is no job that could have slept.
    onSlept: (from, until) => void parts?.upgrades.slept(from, until).catch(die),
    onEnd: () => void end(parts),
  });

  const opened = await openEngine({
    home: resolveHome(undefined, process.env),
    version,
    laptop: laptopAwakeByShell(createLaptop(), parent),
    user: nameOfUser(),
    onWork: (work) => tellShell(parent, { type: 'work', work: [...work] }),
    onBackups: (hosts) => tellShell(parent, { type: 'backups', hosts: [...hosts] }),
    onLogs: (hosts) => tellShell(parent, { type: 'logs', hosts: [...hosts] }),
    onDefect: die,
  });
  if (!opened.ok) return tellShell(parent, { type: 'failed', problem: opened.problem });
  parts = opened.value;
  const handler = new RPCHandler(createRouter(parts), { interceptors: [onError(logDefect)] });
  accept = (port) => {
    handler.upgrade(port);
    port.start();
  };
  for (const port of early) accept(port);
  tellShell(parent, { type: 'ready', home: parts.house.paths.home });
  parts.wake().catch(die);
}

async function end(parts: EngineParts | undefined): Promise<void> {
  const timer = setTimeout(() => process.exit(0), END_MS);
  await parts?.close();
  clearTimeout(timer);
  process.exit(0);
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // Some systems have no entry for the user; the records then say so.
    return process.env['USERNAME'] ?? process.env['USER'] ?? 'unknown';
  }
}

process.on('uncaughtException', die);
process.on('unhandledRejection', die);
// Only in a utility process of Electron.
const parentPort = (process as { readonly parentPort?: ParentPort }).parentPort;
if (parentPort === undefined) {
  die(
    problem({
      code: 'engine/no-shell',
      title: 'The engine was started by itself',
      because: 'It has no port to the application.',
      meterState: METER_STATE.noMeter,
      nextStep: 'Start Meterwright, or use the command line.',
    }).title,
  );
} else {
  main(parentPort).catch(die);
}
