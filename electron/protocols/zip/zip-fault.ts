import { fail, type Problem, problem, type Result } from '../../../shared/domain/problem.ts';
import { printableName } from './member-name.ts';

/** The part of a problem's code after the slash; the part before it is the room that reads the archive. */
export type FaultKind =
  | 'not-a-zip'
  | 'truncated'
  | 'too-many-members'
  | 'too-large'
  | 'bomb'
  | 'unsafe-path'
  | 'duplicate-member'
  | 'encrypted-member'
  | 'unreadable';

/** What is wrong with an archive or one of its members; `because` is a sentence without capital and full stop. */
export interface Fault {
  readonly kind: FaultKind;
  readonly because: string;
}

/** Faults that are no accident: an archive with one of these is built to deceive or to do harm, or cannot be judged. */
export const REFUSING: ReadonlySet<FaultKind> = new Set([
  'too-many-members',
  'too-large',
  'bomb',
  'unsafe-path',
  'duplicate-member',
  'encrypted-member',
]);

const ADVICE = 'Get the file again from the place where the vendor publishes it and compare its hash.';
const TITLES: Readonly<Record<FaultKind, string>> = {
  'not-a-zip': 'This is not a zip archive',
  truncated: 'The zip archive is cut off',
  'too-many-members': 'The zip archive has too many members',
  'too-large': 'The zip archive holds too much data',
  bomb: 'The zip archive unpacks to far more than it should',
  'unsafe-path': 'The zip archive has a member with an unsafe name or kind',
  'duplicate-member': 'The zip archive has two members with the same name',
  'encrypted-member': 'The zip archive has an encrypted member',
  unreadable: 'The zip archive is damaged',
};

/** A fault as a problem of the room that reads the archive; `path` is null for the archive as a whole. */
export function toProblem(room: string, fault: Fault, path: string | null): Problem {
  const member = path === null || path === '' ? null : printableName(path);
  return problem({
    code: `${room}/${fault.kind}`,
    title: TITLES[fault.kind],
    because: member === null ? `${capital(fault.because)}.` : `Member ${JSON.stringify(member)}: ${fault.because}.`,
    nextStep: ADVICE,
    details: member === null ? {} : { member },
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Somebody asked to stop. */
export function cancelled(room: string): Result<never> {
  return fail({
    code: `${room}/cancelled`,
    title: 'Reading the file was stopped',
    because: 'Somebody asked to stop.',
    nextStep: 'Start again when you are ready.',
  });
}
