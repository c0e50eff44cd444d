import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/index.ts';
import type { LogReadEvent } from '../../shared/contract/logs.ts';
import { readFirmwarePackage } from '../firmware/package.ts';
import { backUp, diffBags, diffBagWithMeter, listBags, verifyBag } from '../services/backups.ts';
import { createLogs } from '../services/log-library.ts';
import { dlmsAccess, logsOnMeter, readEventOf, readIntoHome } from '../services/log-reading.ts';
import { listArchive } from '../services/packages.ts';
import { findResources } from '../services/resources.ts';
import { backupProgressOf, packageViewOf } from '../services/views.ts';
import { listWaveforms, openWaveform } from '../services/waveforms.ts';
import { outcomeStream } from './outcome-stream.ts';
import { answer, mutable } from './outgoing.ts';
import type { EngineParts } from './parts.ts';

type BackupWishes = Parameters<typeof backUp>[2];
type BackupOptions = Parameters<Parameters<EngineParts['backups']['take']>[1]>[0];

/** The calls of `packages`, `resources`, `backups`, `logs` and `waveforms`: what was kept of meters, and what is sent to them. */
export function createRecordRouter({ house, logins, backups }: Pick<EngineParts, 'house' | 'logins' | 'backups'>) {
  const os = implement(contract);
  const logs = createLogs(house.paths);

  /** The computer stays awake exactly while the backup is taken. */
  async function backUpAwake(input: Parameters<typeof logins.access>[0] & BackupWishes, options: BackupOptions) {
    const awake = await house.laptop.keepAwake(`Backing up ${input.address.host}`);
    try {
      return await backUp(house, logins.access(input), input, {
        signal: options.signal,
        onProgress: (progress) => options.onProgress(backupProgressOf(progress)),
      });
    } finally {
      await awake.release();
    }
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
      take: os.backups.take.handler(({ input, signal }) =>
        backups.take(input.address, (options) => backUpAwake(input, options), signal),
      ),
      follow: os.backups.follow.handler(({ input, signal }) => backups.follow(input.address, signal)),
      stop: os.backups.stop.handler(({ input }) => backups.stop(input.address)),
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
      onMeter: os.logs.onMeter.handler(async ({ input, signal }) =>
        answer(await logsOnMeter(house, dlmsAccess(logins.access(input), input.dlms), signal), mutable),
      ),
      read: os.logs.read.handler(({ input, signal }) =>
        outcomeStream<LogReadEvent>(
          async ({ signal, push }) =>
            readEventOf(
              await readIntoHome(house, dlmsAccess(logins.access(input), input.dlms), input.recorder, {
                signal,
                onProgress: (progress) => push({ type: 'progress', progress }),
              }),
            ),
          signal,
        ),
      ),
    },

    waveforms: {
      list: os.waveforms.list.handler(({ input }) => listWaveforms(input.source)),
      open: os.waveforms.open.handler(({ input }) => openWaveform(input.source, input.file)),
    },
  };
}
