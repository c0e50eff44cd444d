import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { fail, METER_STATE, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import { mayRead, mayWrite } from '../../../shared/domain/provenance.ts';
import { decodeWords } from '../../protocols/modbus/decode.ts';
import { encodeWords } from '../../protocols/modbus/encode.ts';
import { readSpans } from '../../protocols/modbus/read-spans.ts';
import type { ModbusClient } from '../../protocols/modbus/types.ts';
import { exceptionOf, isException } from '../modbus-problem.ts';
import type { SiteMap, SiteMapRow } from '../site-map/types.ts';
import type { SetupItem, SetupSession, SetupValue, SetupWritten } from './types.ts';

export interface SetupSessionOptions {
  readonly client: ModbusClient;
  readonly identity: MeterIdentity;
  readonly map: SiteMap;
  readonly signal: AbortSignal;
  /** Makes a connection of its own to a Modbus port of the meter, asks it for its serial number, and ends it. */
  readonly serialAt: (port: number) => Promise<Result<string | null>>;
}

/** Registers of one area of settings stand close together; what lies between them is not asked for. */
const BRIDGED_GAP = 0;
/** What an unmapped register gives. Source: vendor's Modbus implementation page (PM8000, ION9000). */
const UNMAPPED = 0x8000;
/** Illegal data address: "address invalid, out of range or protected by device security". Source: as above. */
const PROTECTED = 2;

/** See {@link SetupSession}. */
export function createSetupSession(options: SetupSessionOptions): SetupSession {
  const { client, identity, map, signal } = options;
  return {
    identity,
    map,
    read: (rows) => readSetup(options, rows),
    async write(items) {
      const words = writableWords(map, identity, items);
      if (!words.ok) return words;
      const span = spanOf(items);
      if (span === undefined) return notTogether(items);
      const rows = items.map(({ row }) => row);
      const before = await readSetup(options, rows);
      if (!before.ok) return before;
      const sent = await client.writeHolding(span.address, words.value.flat(), signal);
      if (!sent.ok) {
        const settled = await afterRefusal(options, span, words.value.flat(), sent.problem);
        if (!settled.ok) return settled;
      }
      return readBack(options, span, words.value, before.value);
    },
    async tryWay(port) {
      const serial = await options.serialAt(port);
      if (!serial.ok) return serial;
      if (serial.value === identity.serial) return ok(undefined);
      return fail({
        code: 'setup/another-meter',
        title: `Port ${port} belongs to another meter`,
        because: `The serial number there is ${serial.value ?? 'not readable'}, not ${identity.serial ?? 'readable'}.`,
        meterState: METER_STATE.unknown,
        nextStep: 'Check the address of the meter.',
      });
    },
  };
}

async function readSetup(
  { client, identity, map, signal }: SetupSessionOptions,
  rows: readonly SiteMapRow[],
): Promise<Result<readonly SetupValue[]>> {
  if (!mayRead(map.provenance, identity)) return notPermitted('read', map);
  const spans = rows.map(({ register, count }) => ({ address: register - 1, count }));
  const read = await readSpans(client, spans, signal, { maxGap: BRIDGED_GAP });
  for (const problem of read.failed.values()) if (!isException(problem)) return { ok: false, problem };
  return ok(rows.map((row, index) => ({ row, value: decoded(row, read.words.get(index)) })));
}

function decoded(row: SiteMapRow, words: ArrayLike<number> | undefined): SetupValue['value'] {
  const result = words === undefined ? 'unavailable' : decodeWords(row.type, words);
  return result === 'unavailable' ? result : result.value;
}

/** Registers that one request writes. */
interface Span {
  /** Of what is written, for messages. */
  readonly name: string;
  readonly register: number;
  readonly address: number;
  readonly count: number;
}

/** Most registers of one FC16. Source: Modbus Application Protocol 1.1b3, 6.12. */
const MAX_WRITE = 123;

/** The registers of rows that follow each other; undefined where there is a gap, or too many. */
function spanOf(items: readonly SetupItem[]): Span | undefined {
  const [first] = items;
  if (first === undefined) return undefined;
  let next = first.row.register;
  for (const { row } of items) {
    if (row.register !== next) return undefined;
    next += row.count;
  }
  const count = next - first.row.register;
  if (count > MAX_WRITE) return undefined;
  const name = items.length === 1 ? first.row.name : `${first.row.name} to ${items.at(-1)?.row.name ?? ''}`;
  return { name, register: first.row.register, address: first.row.register - 1, count };
}

/** The words to send, row by row, or why nothing is sent. */
function writableWords(
  map: SiteMap,
  identity: MeterIdentity,
  items: readonly SetupItem[],
): Result<readonly (readonly number[])[]> {
  if (!mayWrite(map.provenance, identity)) return notPermitted('write', map);
  const all: (readonly number[])[] = [];
  for (const { row, value } of items) {
    if (!row.writable) {
      return fail({
        code: 'setup/not-writable',
        title: `"${row.name}" cannot be written`,
        because: `The imported map does not mark register ${row.register} as writable.`,
        nextStep: 'Change it in ION Setup.',
        details: { setting: row.name, register: row.register },
      });
    }
    const words = encodeWords(row.type, row.count, value);
    if (words === undefined) {
      return fail({
        code: 'setup/value-out-of-range',
        title: `"${row.name}" cannot hold this value`,
        because: `It is a ${row.type} of ${row.count} register(s), and the value does not fit.`,
        nextStep: 'Choose another value.',
        details: { setting: row.name, register: row.register },
      });
    }
    all.push(words);
  }
  return ok(all);
}

/** What a write that was not confirmed came to: a failure, or success when the meter holds the values although its answer was lost. */
async function afterRefusal(
  options: SetupSessionOptions,
  span: Span,
  words: readonly number[],
  problem: Problem,
): Promise<Result<void>> {
  const exception = exceptionOf(problem);
  if (exception === PROTECTED) return { ok: false, problem: programmingOff(span, problem) };
  if (exception !== undefined) return { ok: false, problem: refused(span, exception, problem) };
  if (problem.code !== 'modbus/write-unanswered') return { ok: false, problem };
  const again = await options.client.readHolding(span.address, span.count, options.signal);
  if (!again.ok && !isException(again.problem)) return { ok: false, problem };
  if (again.ok && sameWords(again.value, words)) return ok(undefined);
  const mapped = again.ok && !Array.from(again.value).every((word) => word === UNMAPPED);
  return fail({
    code: mapped ? 'setup/not-taken' : 'setup/unmapped',
    title: `The meter did not take "${span.name}"`,
    because: mapped
      ? `The write to register ${span.register} was not answered, and the register holds its old value.`
      : `The write to register ${span.register} was not answered, as this platform does for registers that are not mapped. The meter is not lost: it answers reads.`,
    meterState: 'The setting is as it was; the meter answers.',
    nextStep: mapped
      ? 'Try again; if it stays so, use ION Setup.'
      : 'Check that the imported map belongs to this firmware, or use ION Setup.',
    details: place(span),
  });
}

/** Reads registers again after their write; the verdict comes from nothing else. */
async function readBack(
  options: SetupSessionOptions,
  span: Span,
  words: readonly (readonly number[])[],
  before: readonly SetupValue[],
): Promise<Result<readonly SetupWritten[]>> {
  const answer = await options.client.readHolding(span.address, span.count, options.signal);
  if (!answer.ok && !isException(answer.problem)) {
    return fail({
      code: 'setup/not-read-back',
      title: `"${span.name}" was written and could not be read again`,
      because: answer.problem.because,
      meterState: METER_STATE.unknown,
      nextStep: 'Read the settings again as soon as the meter answers.',
      details: { ...place(span), cause: answer.problem.code },
    });
  }
  return ok(
    before.map(({ row, value }, index): SetupWritten => {
      const from = row.register - span.register;
      const now = answer.ok ? answer.value.subarray(from, from + row.count) : undefined;
      const after = decoded(row, now);
      if (now === undefined || after === 'unavailable') {
        return { row, before: value, after: 'unavailable', verdict: 'cannot-be-read-back' };
      }
      const same = sameWords(now, words[index] ?? []);
      return { row, before: value, after, verdict: same ? 'verified' : 'mismatch' };
    }),
  );
}

function sameWords(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((word, index) => word === b[index]);
}

function notTogether(items: readonly SetupItem[]): Result<never> {
  return fail({
    code: 'setup/not-together',
    title: 'These settings cannot be written in one request',
    because: `The registers of ${items.length} settings do not follow each other, or are more than ${MAX_WRITE}.`,
    nextStep: 'Report this as a defect of Meterwright.',
  });
}

function notPermitted(what: 'read' | 'write', map: SiteMap): Result<never> {
  return fail({
    code: 'setup/not-permitted',
    title: `The imported map may not be used to ${what} this meter`,
    because: `${map.fileName} describes simulated meters, and this meter is a real one.`,
    nextStep: "Import the Modbus map of the vendor's firmware package.",
  });
}

function programmingOff(span: Span, cause: Problem): Problem {
  return fail({
    code: 'setup/protected',
    title: 'The meter does not let Modbus change its setup',
    because: `It answered the write of "${span.name}" with exception ${PROTECTED}: protected by device security. Modbus programming is off by default, because Modbus carries no login: while it is on, everybody on the network can change the setup.`,
    meterState: 'The setting is as it was.',
    nextStep:
      'Use the change sheet and ION Setup. Or, if your security rules allow it, switch Modbus programming on with advanced security in ION Setup (Setup Assistant > Security), apply again, and switch it off.',
    details: { ...place(span), cause: cause.code },
  }).problem;
}

function refused(span: Span, exception: number, cause: Problem): Problem {
  return fail({
    code: 'setup/refused',
    title: `The meter refused the value for "${span.name}"`,
    because: `It answered with exception ${exception}; ${exception === 3 ? 'the value is not allowed there, or the register cannot be written' : cause.because}`,
    meterState: 'The setting is as it was.',
    nextStep: "Check the value against the limits of this meter's firmware.",
    details: { ...place(span), cause: cause.code },
  }).problem;
}

function place(span: Span) {
  return { setting: span.name, register: span.register };
}
