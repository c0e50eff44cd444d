import type { z } from 'zod';
import type { practiceSchema } from '../../shared/contract/views.ts';
import type { Result } from '../../shared/domain/problem.ts';
import type { Practice } from '../services/practice.ts';

/** Values of the rooms are read only; zod's types are not. Nothing is changed on the way out, so only the type is. */
type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

export function mutable<T>(value: T): Mutable<T> {
  return value as Mutable<T>;
}

/** A result with its value as the contract has it. */
export function answer<T, U>(result: Result<T>, view: (value: T) => U): Result<U> {
  return result.ok ? { ok: true, value: view(result.value) } : result;
}

/** Simulated meters without the means to stop them. */
export function practiceViewOf(practice: Practice): z.infer<typeof practiceSchema> {
  return {
    meters: practice.meters.map((meter) => ({ ...meter, ports: { ...meter.ports } })),
    package: practice.package,
    packages: { ...practice.packages },
    map: practice.map,
  };
}
