import type { MeterPlace } from '../../../shared/domain/job.ts';
import type { Problem } from '../../../shared/domain/problem.ts';

/** Whether two places are the same meter: the ports of other protocols do not tell meters apart. */
export function samePlace(a: MeterPlace, b: MeterPlace): boolean {
  return a.host === b.host && a.ports.modbus === b.ports.modbus && a.unit === b.unit;
}

/** Starts that were refused while another meter was on the screen, until the wizard of theirs is opened again. */
const refused: { readonly address: MeterPlace; readonly problem: Problem }[] = [];

export function keepRefusal(address: MeterPlace, problem: Problem): void {
  takeRefusal(address);
  refused.push({ address, problem });
}

/** Why the last start at a place was refused, told once. */
export function takeRefusal(address: MeterPlace): Problem | undefined {
  const index = refused.findIndex((one) => samePlace(one.address, address));
  return index < 0 ? undefined : refused.splice(index, 1)[0]?.problem;
}
