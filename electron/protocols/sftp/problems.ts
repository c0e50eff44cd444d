import { METER_STATE, type Problem, type ProblemDetail, problem, reasonOf } from '../../../shared/domain/problem.ts';

/** What a request was about, for the sentences of a problem. */
export interface Subject {
  /** "192.0.2.7:22". */
  readonly endpoint: string;
  /** What was being done, as a gerund: "reading", "writing", "listing". */
  readonly doing: string;
  readonly path: string;
}

/** SFTP status codes; 0 to 8 are version 3 (draft-ietf-secsh-filexfer-02, 7), the others are sent by hosts that know version 5 or 6. */
const STATUS = {
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  noSuchPath: 10,
  writeProtected: 12,
  noSpace: 14,
  quotaExceeded: 15,
} as const;

/** Whether an error of ssh2 is the status "end of file", which also ends a listing. */
export function isEndOfFile(error: unknown): boolean {
  return numericCode(error) === STATUS.endOfFile;
}

/** The problem for a status that the host answered with. The request had no effect, so the meter is as it was before it. */
export function statusProblem(error: unknown, subject: Subject): Problem {
  const status = numericCode(error) ?? STATUS.failure;
  const said = printable(reasonOf(error));
  const details = { endpoint: subject.endpoint, path: printable(subject.path), status, said };
  const where = `${subject.doing} ${printable(subject.path)}`;
  switch (status) {
    case STATUS.noSuchFile:
    case STATUS.noSuchPath:
      return problem({
        code: 'sftp/no-such-file',
        title: 'The meter does not have this file or folder',
        because: `When ${where}, the meter answered: ${said}.`,
        nextStep: 'List the folder again; the file may have been removed or may not exist on this firmware.',
        details,
      });
    case STATUS.permissionDenied:
    case STATUS.writeProtected:
      return problem({
        code: 'sftp/permission-denied',
        title: 'The meter does not permit this',
        because: `When ${where}, the meter answered: ${said}.`,
        nextStep: 'Log in as a user with the right for this folder (writing needs full meter configuration).',
        details,
      });
    case STATUS.noSpace:
    case STATUS.quotaExceeded:
      return noSpace(where, said, details);
    default:
      return /no space|disk full|storage.{0,12}full|memory.{0,12}full|not enough (space|memory|storage)|quota/i.test(
        said,
      )
        ? noSpace(where, said, details)
        : problem({
            code: 'sftp/failure',
            title: 'The meter refused an SFTP request',
            because: `When ${where}, the meter answered: ${said}.`,
            nextStep:
              'Try again. If it fails again, check the free storage of the meter and whether the file is in use.',
            details,
          });
  }
}

function noSpace(where: string, said: string, details: Readonly<Record<string, ProblemDetail>>): Problem {
  return problem({
    code: 'sftp/no-space',
    title: 'The storage of the meter is full',
    because: `When ${where}, the meter answered: ${said}.`,
    nextStep: 'Remove files that are saved already from the documents folder of the meter, then try again.',
    details,
  });
}

/** The host said something that SFTP does not allow, or less than it must. */
export function protocolProblem(because: string, endpoint: string): Problem {
  return problem({
    code: 'sftp/failure',
    title: 'The SFTP session broke a rule of the protocol',
    because: printable(because),
    nextStep: 'Try again. If it happens again, check that this is an ION7400 and report the details.',
    details: { endpoint },
  });
}

/** Somebody pressed Stop. */
export function abortedProblem(doing: string): Problem {
  return problem({
    code: 'aborted',
    title: 'Stopped on request',
    because: `It was stopped while ${doing}.`,
    nextStep: 'Start it again when you are ready.',
  });
}

export function timeoutProblem(endpoint: string, doing: string, timeoutMs: number): Problem {
  return problem({
    code: 'sftp/timeout',
    title: 'The meter did not answer over SFTP in time',
    because: `${endpoint} gave no answer for ${timeoutMs / 1000} s while ${doing}.`,
    nextStep: 'Check the network path to the meter and try again; on a slow link raise the timeout.',
    details: { endpoint, timeoutMs },
  });
}

export function closedProblem(endpoint: string, because: string): Problem {
  return problem({
    code: 'sftp/closed',
    title: 'The SFTP session ended',
    because: printable(because),
    nextStep: 'Check the network path to the meter and try again; an interrupted transfer can be resumed.',
    details: { endpoint },
  });
}

/** Reading or writing a file on this PC failed. */
export function localDiskProblem(because: string, details: Readonly<Record<string, ProblemDetail>> = {}): Problem {
  return problem({
    code: 'sftp/local-disk',
    title: 'A file on this PC could not be used',
    because,
    nextStep: 'Check the free space and the permissions of the folder on this PC, then try again.',
    details,
  });
}

/** A file is larger than the caller can take. */
export function tooLargeProblem(subject: Subject, size: number, maxBytes: number): Problem {
  return problem({
    code: 'sftp/too-large',
    title: 'A file on the meter is larger than expected',
    because: `${printable(subject.path)} has ${size} bytes; at most ${maxBytes} are accepted.`,
    nextStep: 'Check that this is an ION7400 and that the file is what it should be.',
    details: { endpoint: subject.endpoint, path: printable(subject.path), size, maxBytes },
  });
}

/** The same problem with another sentence on the state of the meter. */
export function withMeterState(original: Problem, meterState: string): Problem {
  return { ...original, meterState };
}

/** For a request that changes the meter: a refusal changed nothing; after anything else it has to be read again. */
export function afterChange(original: Problem): Problem {
  const ended = ['sftp/timeout', 'sftp/closed', 'aborted'].includes(original.code);
  return ended ? withMeterState(original, METER_STATE.unknown) : original;
}

/** Text of a host made fit for a message: one line, no control characters, at most 200 characters. */
export function printable(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** The status of an error that ssh2 made from a STATUS answer; undefined for any other error. */
export function numericCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}
