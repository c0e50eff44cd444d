import type { IonSetupVersion } from '../../shared/domain/ion-setup-version.ts';
import type { Result } from '../../shared/domain/problem.ts';

/** ION Setup on this PC: read from the program itself, or attested by a person where it cannot be read. */
export type IonSetupFinding =
  | {
      readonly kind: 'found';
      readonly path: string;
      readonly version: IonSetupVersion;
      readonly how: 'registry' | 'given-path';
    }
  | {
      readonly kind: 'attested';
      readonly version: IonSetupVersion;
      readonly by: string;
      /** The program that was given, where one was given but its version cannot be read. */
      readonly path?: string;
    }
  | { readonly kind: 'missing'; readonly because: string };

export interface PowerState {
  /** null where this PC does not say. */
  readonly onBattery: boolean | null;
  /** 0..100, null where there is no battery or it does not say. */
  readonly batteryPercent: number | null;
}

/** What this PC can say about itself; the platform's adapter is behind it. */
export interface Laptop {
  findIonSetup(hint: {
    readonly path?: string;
    readonly attested?: { readonly version: string; readonly by: string };
  }): Promise<IonSetupFinding>;
  /** Starts the program detached; no argument comes from a meter or a file. */
  startIonSetup(finding: IonSetupFinding): Promise<Result<void>>;
  power(): Promise<PowerState>;
  /** Free bytes on the volume that holds `folder`, null where that cannot be read. */
  freeBytes(folder: string): Promise<number | null>;
  /** Keeps the PC awake until released; release is idempotent. `active` is false where this PC offers no way (then a gate says so). */
  keepAwake(why: string): Promise<{ readonly active: boolean; release(): Promise<void> }>;
}
