import {
  exportWaveformsOfBag,
  exportWaveformsOfMeter,
  notWhole,
  type WaveformRecordLine,
  waveformsOfBag,
  waveformsOfMeter,
} from '../../services/logs/waveform-files.ts';
import { accessFor, type CommandContext, houseFor } from '../context.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table } from '../terminal.ts';
import { isBag } from './logs.ts';

/** `waveforms list HOST|BAG` */
export async function listWaveforms(context: CommandContext, subject: string): Promise<Outcome> {
  const listed = (await isBag(subject)) ? await waveformsOfBag(subject) : await ofMeter(context, subject);
  if (!listed.ok) return failedOutcome(listed.problem);
  const records = listed.value;
  const wrong = notWhole({ records, left: [] });
  const lines = recordLines(records);
  if (wrong === undefined) return { exit: EXIT.done, document: { records }, lines };
  return { exit: EXIT.failed, document: { problem: wrong, records }, lines: [...lines, '', ...problemLines(wrong)] };
}

/** `waveforms export HOST|BAG --out DIR`: COMTRADE files as the meter wrote them, each pair checked. */
export async function exportWaveforms(
  context: CommandContext,
  subject: string,
  { out }: { readonly out: string },
): Promise<Outcome> {
  const exported = (await isBag(subject))
    ? await exportWaveformsOfBag(subject, out)
    : await fromMeter(context, subject, out);
  if (!exported.ok) return failedOutcome(exported.problem);
  const wrong = notWhole(exported.value);
  const lines = [...recordLines(exported.value.records), '', `${exported.value.files.length} files in ${out}`];
  if (wrong === undefined) return { exit: EXIT.done, document: exported.value, lines };
  return {
    exit: EXIT.failed,
    document: { problem: wrong, ...exported.value },
    lines: [...lines, '', ...problemLines(wrong)],
  };
}

async function ofMeter(context: CommandContext, host: string) {
  const house = await houseFor(context.options);
  if (!house.ok) return house;
  return waveformsOfMeter(house.value, await accessFor(host, context.options, true), context.signal);
}

async function fromMeter(context: CommandContext, host: string, out: string) {
  const house = await houseFor(context.options);
  if (!house.ok) return house;
  return exportWaveformsOfMeter(house.value, await accessFor(host, context.options, true), out, {
    signal: context.signal,
    onFile: (name) => context.terminal.progress({ meter: host, stage: 'waveforms', message: `Reading ${name}` }),
  });
}

function recordLines(records: readonly WaveformRecordLine[]): readonly string[] {
  if (records.length === 0) return ['No waveform records.'];
  return table(
    ['Record', 'Trigger', 'Samples', 'Channels', 'State'],
    records.map(({ name, trigger, samples, channels, problem }) => [
      name,
      trigger ?? '-',
      samples === null ? '-' : String(samples),
      channels === null ? '-' : String(channels),
      problem === null ? (trigger === null ? 'on the meter' : 'whole') : problem.because,
    ]),
  );
}
