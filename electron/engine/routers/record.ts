import { implement } from '@orpc/server';
import { contract } from '../../../shared/contract/index.ts';
import { UNREACHABLE_DATA } from '../../backup/unreachable.ts';
import { readFirmwarePackage } from '../../firmware/package.ts';
import { backUp, diffBags, diffBagWithMeter, listBags, verifyBag } from '../../services/backups.ts';
import { createLogs } from '../../services/logs/library.ts';
import { logsOnMeter, readIntoHome } from '../../services/logs/reading.ts';
import { listWaveforms, openWaveform } from '../../services/logs/waveforms.ts';
import { cleanInHome, listRemains } from '../../services/remains.ts';
import { findResources } from '../../services/resources.ts';
import { listArchive } from '../../services/upgrades/packages.ts';
import { backupProgressOf, packageViewOf } from '../../services/views.ts';
import { answer, mutable } from '../outgoing.ts';
import type { EngineParts } from '../parts.ts';

type BackupWishes = Parameters<typeof backUp>[2];
type BackupOptions = Parameters<Parameters<EngineParts['backups']['take']>[1]>[0];
type ReadOptions = Parameters<typeof readIntoHome>[3];
type Reach = Parameters<EngineParts['logins']['access']>[0];

/** The calls of `packages`, `resources`, `backups`, `logs` and `waveforms`: what was kept of meters, and what is sent to them. */
export function createRecordRouter({
  house,
  logins,
  backups,
  logReads,
}: Pick<EngineParts, 'house' | 'logins' | 'backups' | 'logReads'>) {
  const os = implement(contract);
  const logs = createLogs(house.paths);

  /** The computer stays awake exactly while the work is under way. */
  async function awakeFor<T>(why: string, work: () => Promise<T>): Promise<T> {
    const awake = await house.laptop.keepAwake(why);
    try {
      return await work();
    } finally {
      await awake.release();
    }
  }

  /** A DLMS secret that the meter refused is forgotten: nothing tries it again by itself, because refusals count toward lockout. */
  function heed({ host, ports }: Reach['address'], refusal: unknown): void {
    if (refusal === 'dlms/wrong-secret') logins.forgetDlms({ host, port: ports.dlms });
  }

  async function backUpAwake(input: Reach & BackupWishes, options: BackupOptions) {
    const taken = await awakeFor(`Backing up ${input.address.host}`, () =>
      backUp(house, logins.access(input), input, {
        signal: options.signal,
        onProgress: (progress) => options.onProgress(backupProgressOf(progress)),
      }),
    );
    for (const item of taken.ok ? taken.value.items : []) heed(input.address, item.problem?.details['cause']);
    return taken;
  }

  /** What a person entered is remembered once the meter took it, and never before. */
  async function logsNow(input: Reach, signal: AbortSignal | undefined) {
    const { address, dlms } = input;
    const door = { host: address.host, port: address.ports.dlms };
    if (dlms !== undefined) logins.forgetDlms(door);
    const found = await logsOnMeter(house, logins.access(input), signal);
    if (!found.ok) heed(address, found.problem.code);
    else if (dlms !== undefined) logins.rememberDlms(door, dlms);
    return found;
  }

  async function readAwake(address: Reach['address'], recorder: string, options: ReadOptions) {
    const read = await awakeFor(`Reading a log of ${address.host}`, () =>
      readIntoHome(house, logins.access({ address }), recorder, options),
    );
    if (!read.ok) heed(address, read.problem.code);
    return read;
  }

  return {
    packages: {
      inspect: os.packages.inspect.handler(async ({ input }) =>
        answer(await readFirmwarePackage(input.file), packageViewOf),
      ),
      archived: os.packages.archived.handler(() => listArchive(house)),
    },

    resources: {
      here: os.resources.here.handler(({ input }) => findResources(house, input.folder)),
    },

    backups: {
      list: os.backups.list.handler(async () => [...(await listBags(house))]),
      remains: os.backups.remains.handler(async () => answer(await listRemains(house), mutable)),
      clean: os.backups.clean.handler(async ({ input }) => answer(await cleanInHome(house, input.path), mutable)),
      take: os.backups.take.handler(({ input, signal }) =>
        backups.take(input.address, (options) => backUpAwake(input, options), signal),
      ),
      follow: os.backups.follow.handler(({ input, signal }) => backups.follow(input.address, signal)),
      stop: os.backups.stop.handler(({ input }) => backups.stop(input.address)),
      unreachable: os.backups.unreachable.handler(() => mutable(UNREACHABLE_DATA)),
      verify: os.backups.verify.handler(async ({ input }) => mutable(await verifyBag(house, input.bag))),
      diff: os.backups.diff.handler(async ({ input }) => answer(await diffBags(input.a, input.b), mutable)),
      diffWithMeter: os.backups.diffWithMeter.handler(async ({ input, signal }) =>
        answer(await diffBagWithMeter(house, logins.access(input), input.bag, signal), mutable),
      ),
    },

    logs: {
      recorders: os.logs.recorders.handler(({ input }) => logs.recorders(input.source)),
      trend: os.logs.trend.handler(({ input }) => logs.trend(input, input)),
      rows: os.logs.rows.handler(({ input }) => logs.rows(input, input.start, input.count)),
      at: os.logs.at.handler(({ input }) => logs.at(input, input.time)),
      export: os.logs.export.handler(({ input }) => logs.export(input, input)),
      kept: os.logs.kept.handler(({ input }) => logs.kept(input.serial)),
      onMeter: os.logs.onMeter.handler(async ({ input, signal }) => answer(await logsNow(input, signal), mutable)),
      read: os.logs.read.handler(({ input: { address, log }, signal }) =>
        logReads.read(address, log, (options) => readAwake(address, log.id, options), signal),
      ),
      follow: os.logs.follow.handler(({ input, signal }) => logReads.follow(input.address, signal)),
      stop: os.logs.stop.handler(({ input }) => logReads.stop(input.address)),
    },

    waveforms: {
      list: os.waveforms.list.handler(({ input }) => listWaveforms(input.source)),
      open: os.waveforms.open.handler(({ input }) => openWaveform(input.source, input.file)),
    },
  };
}
