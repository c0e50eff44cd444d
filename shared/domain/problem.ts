/**
 * The only error that crosses a boundary of Meterwright. It answers the four questions of a technician who stands
 * in front of a meter: what happened, why, what state the meter is in now, and what to do next.
 */
export interface Problem {
  /** Stable text other programs may match on: `room/what`, e.g. `modbus/timeout`, `package/hash-mismatch`. */
  readonly code: string;
  /** One short sentence: what happened. */
  readonly title: string;
  /** Why, as far as it is known. */
  readonly because: string;
  /** The state the meter is in, in words; "not touched" where nothing was sent to it. */
  readonly meterState: string;
  /** What the technician should do next. */
  readonly nextStep: string;
  /** Facts for the copy-details button: addresses, counts, versions. Never a secret. */
  readonly details: Readonly<Record<string, ProblemDetail>>;
}

export type ProblemDetail = string | number | boolean | null;

/** The sentences most problems use for the state of the meter; free text is allowed where none of these is true. */
export const METER_STATE = {
  untouched: 'Nothing was written to the meter.',
  unknown: 'The state of the meter is not known; it has to be read again.',
  noMeter: 'No meter is involved.',
} as const;

/** Everything of a {@link Problem} that has a sensible default may be left out. */
export interface ProblemInput {
  readonly code: string;
  readonly title: string;
  readonly because: string;
  readonly nextStep: string;
  /** Default: {@link METER_STATE.untouched}. */
  readonly meterState?: string;
  readonly details?: Readonly<Record<string, ProblemDetail>>;
}

/** Makes a {@link Problem}; the meter is said to be untouched and details are empty unless given. */
export function problem(input: ProblemInput): Problem {
  return {
    code: input.code,
    title: input.title,
    because: input.because,
    meterState: input.meterState ?? METER_STATE.untouched,
    nextStep: input.nextStep,
    details: input.details ?? {},
  };
}

/** Expected failures are values: a function that can fail as expected returns a Result and does not throw. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** A success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A failure; takes a finished problem or the parts of one. */
export function fail(input: ProblemInput): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: problem(input) };
}

/** The text of anything that was thrown, for the `because` of a problem. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string') {
    return thrown.message;
  }
  try {
    return String(thrown);
  } catch {
    // An object without toString, or one whose toString throws: the reason for the failure must not be a second failure.
    return 'something that has no text was thrown';
  }
}
