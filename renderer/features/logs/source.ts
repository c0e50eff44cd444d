import type { LogSource } from '../../../shared/contract/logs.ts';

/** A log on the screen: where it lies and its code. */
export interface Which {
  readonly source: LogSource;
  readonly recorder: string;
}
