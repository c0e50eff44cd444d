import { problem } from '../../../../shared/domain/problem.ts';
import type { InstanceRange } from '../../../meter/bacnet/network.ts';
import type { BacnetSheet } from '../../../meter/bacnet/types.ts';
import { DEFAULT_PORTS } from '../../../meter/types.ts';
import type { BacnetPeer } from '../../../protocols/bacnet/types.ts';
import { checkBacnet, discoverBacnet, exportBacnetSheet } from '../../../services/settings/bacnet.ts';
import type { CommandContext } from '../../context.ts';
import { addressOf } from '../../options.ts';
import { EXIT, failedOutcome, type Outcome, problemLines, table } from '../../terminal.ts';

export interface BacnetCheckCommandOptions {
  readonly expectId?: number;
  readonly expectName?: string;
  readonly foreign?: BacnetPeer;
  readonly out?: string;
}

/** `bacnet check HOST`: exit code 1 when the building automation cannot work with what was found. */
export async function bacnetCheck(
  context: CommandContext,
  host: string,
  { expectId, expectName, foreign, out }: BacnetCheckCommandOptions,
): Promise<Outcome> {
  const checked = await checkBacnet(addressOf(host, context.options), {
    expected: {
      ...(expectId === undefined ? {} : { deviceId: expectId }),
      ...(expectName === undefined ? {} : { deviceName: expectName }),
    },
    ...(foreign === undefined ? {} : { foreign }),
    now: () => new Date(),
    signal: context.signal,
    onProgress: (done, of) =>
      context.terminal.progress({ meter: host, stage: 'bacnet', message: `${done} of ${of} objects` }),
  });
  if (!checked.ok) return failedOutcome(checked.problem);
  const sheet = checked.value;
  const { findings, objects, ...device } = sheet;
  const document = { findings, device, objects, ...(out === undefined ? {} : { file: out }) };
  if (out !== undefined) {
    const written = await exportBacnetSheet(out, sheet);
    if (!written.ok) return failedOutcome(written.problem, document);
  }
  const lines = [...sheetLines(sheet), ...(out === undefined ? [] : [`File     ${out}`])];
  const blocks = findings.filter(({ verdict }) => verdict === 'block');
  if (blocks.length === 0) return { exit: EXIT.done, document, lines };
  const found = problem({
    code: 'bacnet/check-failed',
    title: 'The meter cannot be used like this over BACnet/IP',
    because: blocks.map(({ because }) => because).join(' '),
    nextStep: 'Correct the settings with configure HOST bacnet, and check again.',
  });
  return { exit: EXIT.failed, document: { problem: found, ...document }, lines: [...lines, ...problemLines(found)] };
}

export interface BacnetDiscoverOptions {
  readonly range?: InstanceRange;
  readonly adapter?: string;
}

/** `bacnet discover` */
export async function bacnetDiscover(
  context: CommandContext,
  { range, adapter }: BacnetDiscoverOptions,
): Promise<Outcome> {
  const found = await discoverBacnet({
    port: (context.options.ports ?? DEFAULT_PORTS).bacnet,
    ...(range === undefined ? {} : { range }),
    ...(adapter === undefined ? {} : { adapter }),
    signal: context.signal,
  });
  if (!found.ok) return failedOutcome(found.problem);
  const { devices, conflicts, binding } = found.value;
  const document = {
    devices,
    conflicts,
    bound: { address: binding.address, port: binding.port },
    warning: binding.warning ?? null,
  };
  const rows = devices.map(({ deviceId, address, vendorId, maxApdu }) => [
    String(deviceId),
    `${address.host}:${address.port}`,
    String(vendorId),
    String(maxApdu),
  ]);
  const lines = [
    ...(binding.warning === undefined ? [] : [`${binding.warning.title}. ${binding.warning.because}`]),
    ...(rows.length === 0
      ? ['No device answered on the subnets of this PC.']
      : table(['Device ID', 'Address', 'Vendor', 'Largest answer'], rows)),
    ...conflicts.map(
      (group) =>
        `Device ID ${group[0]?.deviceId ?? ''} is in use ${group.length} times: ${group.map(({ address }) => `${address.host}:${address.port}`).join(', ')}`,
    ),
  ];
  return { exit: devices.length === 0 ? EXIT.nothingToDo : EXIT.done, document, lines };
}

function sheetLines({
  deviceId,
  deviceName,
  vendorName,
  model,
  firmware,
  objects,
  findings,
}: BacnetSheet): readonly string[] {
  return [
    `Device ${deviceId ?? 'not known'}  ${plain(deviceName)}  ${plain(vendorName)} ${plain(model)} ${plain(firmware)}`,
    ...table(
      ['Verdict', 'What', 'Because'],
      findings.map(({ verdict, id, because }) => [verdict.toUpperCase(), id, plain(because)]),
    ),
    ...(objects.length === 0
      ? []
      : table(
          ['Object', 'Name', 'Value', 'Unit'],
          objects.map(({ typeName, object, name, presentValue, unit }) => [
            `${typeName} ${object.instance}`,
            plain(name),
            plain(presentValue),
            unit,
          ]),
        )),
  ];
}

/** Texts of a device are hostile: nothing of them may steer a terminal. */
function plain(text: string | null): string {
  return (text ?? '-').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
