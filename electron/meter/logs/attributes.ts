import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { CosemValue } from '../../protocols/dlms/codec/values.ts';
import type { CaptureObject, DlmsClient } from '../../protocols/dlms/types.ts';
import { obisOf, obisText } from './obis.ts';

/** Attributes of a Profile Generic (class 7), Blue Book 4.3.6. Attribute 0 is of no use: it would bring the whole buffer along. */
export const PROFILE = {
  buffer: 2,
  captureObjects: 3,
  capturePeriod: 4,
  sortMethod: 5,
  entriesInUse: 7,
  entries: 8,
} as const;

/** Columns that a profile may announce; an ION7400 shows 16 and the clock. */
const MOST_COLUMNS = 1000;

/** The elements of capture_objects; a text is why they are none, as a sentence. */
export function capturedBy(value: CosemValue): readonly CaptureObject[] | string {
  if (value.type !== 'array') return 'Its list of columns is not an array.';
  if (value.value.length === 0) return 'It has no columns.';
  if (value.value.length > MOST_COLUMNS) return `It announces ${value.value.length} columns.`;
  const columns: CaptureObject[] = [];
  for (const element of value.value) {
    const column = captured(element);
    if (column === undefined) return 'One of its columns is not described as the standard wants it.';
    columns.push(column);
  }
  return columns;
}

function captured(element: CosemValue): CaptureObject | undefined {
  if (element.type !== 'structure' || element.value.length !== 4) return undefined;
  const [classId, name, attribute, dataIndex] = element.value;
  if (classId?.type !== 'uint16' || name?.type !== 'octets') return undefined;
  if (attribute?.type !== 'int8' || dataIndex?.type !== 'uint16') return undefined;
  const obis = obisOf(name.value);
  if (obis === undefined) return undefined;
  return { classId: classId.value, obis, attribute: attribute.value, dataIndex: dataIndex.value };
}

/** A count or a time in seconds; the types differ from meter to meter. */
export function countOf(value: CosemValue): number | undefined {
  switch (value.type) {
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'enum':
      return value.value >= 0 ? value.value : undefined;
    default:
      return undefined;
  }
}

/** An attribute of a profile that is a number; undefined when the meter refuses it or it is none. A lost connection is a problem. */
export async function readCount(
  client: DlmsClient,
  obis: string,
  attribute: number,
  signal: AbortSignal,
): Promise<Result<number | undefined>> {
  const answer = await client.get({ classId: 7, obis, attribute }, { signal });
  if (answer.ok) return ok(countOf(answer.value));
  return isRefusal(answer.problem) ? ok(undefined) : answer;
}

/** Columns of a profile as they are now; a text is why it has none. */
export async function readColumns(
  client: DlmsClient,
  obis: string,
  signal: AbortSignal,
): Promise<Result<readonly CaptureObject[] | string>> {
  const answer = await client.get({ classId: 7, obis, attribute: PROFILE.captureObjects }, { signal });
  if (answer.ok) return ok(capturedBy(answer.value));
  return isRefusal(answer.problem) ? ok(`Its columns cannot be read: ${answer.problem.because}`) : answer;
}

/** Whether the meter answered and does not give this: it is there, and the next question may have an answer. */
export function isRefusal({ code }: Problem): boolean {
  return code.startsWith('dlms/access-') || REFUSALS.has(code);
}

const REFUSALS: ReadonlySet<string> = new Set(['dlms/exception', 'dlms/service-error', 'dlms/not-granted']);

/** A log whose columns are not those that were found before. */
export function changedProblem(obis: string, rows: number): Problem {
  return fail({
    code: 'logs/changed',
    title: 'The log was changed while it was read',
    because: `The columns of ${obisText(obis)} are not the same any more. A change of the setup of a recorder clears its log.`,
    nextStep: 'Ask for the list of logs again, and read the log from its beginning.',
    details: { recorder: obisText(obis), rows },
  }).problem;
}
