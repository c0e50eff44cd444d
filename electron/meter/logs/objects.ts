import { fail, ok, type Problem, type Result } from '../../../shared/domain/problem.ts';
import type { CosemValue } from '../../protocols/dlms/codec/values.ts';
import type { CosemAttribute, DlmsClient } from '../../protocols/dlms/types.ts';
import { obisOf } from './obis.ts';

/** An object that the association shows. */
export interface CosemObjectName {
  readonly classId: number;
  /** Six numbers with dots. */
  readonly obis: string;
}

/** object_list of the association in use (class 15, "current association"); Blue Book 4.4.4. */
const OBJECT_LIST: CosemAttribute = { classId: 15, obis: '0.0.40.0.0.255', attribute: 2 };
/** A meter of this platform has about a hundred. */
const MOST_OBJECTS = 10_000;

/** Asks the association which objects it has. Objects are never assumed: what is not in this list is not there. */
export async function readObjectList(
  client: DlmsClient,
  signal: AbortSignal,
): Promise<Result<readonly CosemObjectName[]>> {
  const answer = await client.get(OBJECT_LIST, { signal });
  if (!answer.ok) return answer;
  const objects = objectsOf(answer.value);
  return objects === undefined ? fail(badList(client.endpoint)) : ok(objects);
}

/**
 * The objects of an object_list, each once and in its order. Elements that are no object are left out, and so is what follows the first 10,000; undefined
 * when it is no list at all.
 */
export function objectsOf(list: CosemValue): readonly CosemObjectName[] | undefined {
  if (list.type !== 'array') return undefined;
  const found = new Map<string, CosemObjectName>();
  for (const element of list.value.slice(0, MOST_OBJECTS)) {
    if (element.type !== 'structure') continue;
    const [classId, , name] = element.value;
    if (classId?.type !== 'uint16' || name?.type !== 'octets') continue;
    const obis = obisOf(name.value);
    if (obis !== undefined) found.set(`${classId.value} ${obis}`, { classId: classId.value, obis });
  }
  return [...found.values()];
}

function badList(endpoint: string): Problem {
  return fail({
    code: 'logs/bad-object-list',
    title: 'The meter gives no list of its objects',
    because: 'The association answers with something that is not an object list, so its logs are not known.',
    nextStep: 'Try again; if this stays, read the logs with ION Setup and attach the export to the backup.',
    details: { endpoint },
  }).problem;
}
