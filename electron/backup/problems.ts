import { METER_STATE, type Problem, type ProblemDetail, problem } from '../../shared/domain/problem.ts';

/** What `verifyBackup` can find. Those from `file-missing` to `log-differs` mean that the bag is not what was sealed; the rest, that this cannot be judged. */
export type VerificationCode =
  | 'backup/file-missing'
  | 'backup/file-changed'
  | 'backup/file-extra'
  | 'backup/unsafe-path'
  | 'backup/manifest-changed'
  | 'backup/bad-signature'
  | 'backup/oxum-mismatch'
  | 'backup/log-differs'
  | 'backup/not-a-bag'
  | 'backup/unsigned'
  | 'backup/foreign-signature'
  | 'backup/evidence-unreadable'
  | 'backup/waveform-broken'
  | 'backup/unreadable';

/** Codes that leave it open whether the bag is what was sealed. */
const UNDECIDED: ReadonlySet<string> = new Set<VerificationCode>([
  'backup/not-a-bag',
  'backup/unsigned',
  'backup/foreign-signature',
  'backup/evidence-unreadable',
  'backup/waveform-broken',
  'backup/unreadable',
]);

/** `mismatch` when a problem proves a difference, `unknown` when there are only doubts, `verified` without any problem. */
export function verdictOf(problems: readonly Problem[]): 'verified' | 'mismatch' | 'unknown' {
  if (problems.length === 0) return 'verified';
  return problems.every((found) => UNDECIDED.has(found.code)) ? 'unknown' : 'mismatch';
}

const TITLES: Readonly<Record<VerificationCode, string>> = {
  'backup/file-missing': 'A file of the backup is missing',
  'backup/file-changed': 'A file of the backup was changed',
  'backup/file-extra': 'There is a file in the backup that does not belong to it',
  'backup/unsafe-path': 'The backup contains something that is not a plain file',
  'backup/manifest-changed': "The backup's list of files was changed",
  'backup/bad-signature': "The backup's signature is wrong",
  'backup/oxum-mismatch': 'The backup has not the size that it was sealed with',
  'backup/log-differs': 'A log of the backup is not what its description says',
  'backup/waveform-broken': 'A waveform record of the backup is broken',
  'backup/not-a-bag': 'This is not a finished backup',
  'backup/unsigned': 'The backup is not signed',
  'backup/foreign-signature': 'Another installation of Meterwright sealed this backup',
  'backup/evidence-unreadable': "The backup's record cannot be read",
  'backup/unreadable': 'The backup cannot be read from the disk',
};

const NEXT: Readonly<Partial<Record<VerificationCode, string>>> = {
  'backup/not-a-bag': 'Choose the folder of a finished backup: <serial>_<firmware>_<time>, with bagit.txt in it.',
  'backup/foreign-signature':
    'Compare the fingerprint with that of the installation that should have made the backup. Rely on the backup only if they are equal.',
  'backup/unsigned': 'Use a copy of the backup that has its signature.json, or take a new one.',
  'backup/evidence-unreadable': 'Open the backup with the version of Meterwright that made it, or take a new one.',
  'backup/waveform-broken':
    'Take the record from the meter again while it still has it; a backup of an older version did not check its records.',
  'backup/unreadable': 'Check the disk and the permissions of the folder, and verify again.',
  'backup/file-extra':
    'If a program of this PC put it there (a thumbnail, a desktop setting), delete it and verify again. Else do not rely on the backup.',
};

/** A finding about a bag on this PC's disk. */
export function bagProblem(
  code: VerificationCode,
  because: string,
  details: Readonly<Record<string, ProblemDetail>> = {},
): Problem {
  return problem({
    code,
    title: TITLES[code],
    because,
    meterState: METER_STATE.noMeter,
    nextStep: NEXT[code] ?? 'Do not rely on this copy. Use another copy of the backup, or take a new one.',
    details,
  });
}

/** The backup was stopped on purpose. */
export function cancelled(): Problem {
  return problem({
    code: 'backup/cancelled',
    title: 'The backup was stopped',
    because: 'It was stopped before it was complete; what had been saved by then was removed.',
    nextStep: 'Take the backup again when you are ready.',
  });
}

/** A file that the technician attached cannot be copied into the backup. `name` is its name without its folder. */
export function attachmentProblem(because: string, name = ''): Problem {
  return problem({
    code: 'backup/attachment-unreadable',
    title: 'An attached file cannot be read',
    because: name === '' ? because : `${name}: ${because}`,
    nextStep: 'Check the path of the file, and that it is a plain file that is not open in another program.',
    details: { name },
  });
}
