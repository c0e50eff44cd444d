import type { Problem } from '../../shared/domain/problem.ts';

/** Whether the meter answered a Modbus request with an exception: it is there and speaks Modbus, it only does not give this. */
export function isException(problem: Problem): boolean {
  return exceptionOf(problem) !== undefined;
}

/** The exception code 1..11 of a `modbus/exception-n`. */
export function exceptionOf(problem: Problem): number | undefined {
  const match = /^modbus\/exception-(\d{1,2})$/.exec(problem.code);
  return match === null ? undefined : Number(match[1]);
}
