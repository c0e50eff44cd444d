import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { block, pass, unknown, warn } from './gate.ts';

const ID = 'laptop';
const LOW_BATTERY_PERCENT = 30;

type LaptopFacts = Pick<GateFacts, 'power' | 'freeBytes' | 'neededBytes' | 'keepAwakeAvailable'>;

/** One thing that this PC lacks. */
interface Lack {
  readonly because: string;
  readonly fix: string;
}

/** This PC lasts until the end: room on the disk, power, and no sleep. */
export function laptop(facts: LaptopFacts): Gate {
  const { freeBytes, neededBytes } = facts;
  if (freeBytes !== null && freeBytes < neededBytes) {
    return block(
      ID,
      `The disk has ${mebibytes(freeBytes)} MiB free; backup and job need ${mebibytes(neededBytes)} MiB.`,
      'Make room on the disk, or choose another data folder.',
    );
  }
  const lacks = [diskLack(facts), powerLack(facts), sleepLack(facts)].filter((lack): lack is Lack => lack !== null);
  const because = lacks.map((lack) => lack.because).join(' ');
  const fix = lacks.map((lack) => lack.fix).join(' ');
  if (lacks.length > 0) return warn(ID, because, fix);
  if (facts.power.onBattery === null) {
    return unknown(ID, 'This PC does not say whether it runs on battery.', 'Plug the PC in and say so in the reason.');
  }
  const charge = facts.power.batteryPercent === null ? '' : ` at ${facts.power.batteryPercent} %`;
  const power = facts.power.onBattery ? `on battery${charge}` : 'on mains power';
  return pass(ID, `The PC runs ${power}, will be kept awake, and its disk has ${mebibytes(freeBytes ?? 0)} MiB free.`);
}

function diskLack({ freeBytes, neededBytes }: LaptopFacts): Lack | null {
  if (freeBytes !== null && !Number.isNaN(freeBytes)) return null;
  return {
    because: `The free space of the disk cannot be read; ${mebibytes(neededBytes)} MiB are needed.`,
    fix: 'Check by hand that the disk has room.',
  };
}

function powerLack({ power }: LaptopFacts): Lack | null {
  if (power.onBattery !== true) return null;
  if (power.batteryPercent !== null && power.batteryPercent >= LOW_BATTERY_PERCENT) return null;
  const charge = power.batteryPercent === null ? 'of unknown charge' : `at ${power.batteryPercent} %`;
  return { because: `The PC runs on a battery ${charge}.`, fix: 'Plug the PC in.' };
}

function sleepLack({ keepAwakeAvailable }: LaptopFacts): Lack | null {
  if (keepAwakeAvailable) return null;
  return {
    because: 'This tool cannot keep the PC from going to sleep.',
    fix: 'Turn sleep off in the power settings until the upgrade has ended.',
  };
}

function mebibytes(bytes: number): string {
  return String(Math.floor(bytes / (1024 * 1024)));
}
