import type { Gate } from '../../../shared/domain/gate.ts';
import type { HandOff } from '../../../shared/domain/hand-off.ts';
import type { JobProgress } from '../../../shared/domain/job.ts';
import { METER_STATE, type Problem, problem } from '../../../shared/domain/problem.ts';
import type { DiffRow } from '../../ui/diff-table.tsx';
import type { PhasorArrow } from '../../ui/phasor-diagram.tsx';

/** A fixed moment, so that two pictures of the gallery are the same. */
export const MOMENT = Date.parse('2026-11-22T19:00:00.000Z');

export const GATES: readonly Gate[] = [
  { id: 'package-hash', verdict: 'pass', because: 'All 6 hashes match the list of the package.', fix: '' },
  {
    id: 'clock-offset',
    verdict: 'warn',
    because: 'The meter is 41 s behind this PC.',
    fix: 'Set the clock after the upgrade, or accept it with a reason.',
  },
  {
    id: 'irreversible',
    verdict: 'warn',
    because: 'A meter with 4.0.0 or later cannot go back to an older firmware.',
    fix: 'Make sure that this is wanted.',
    confirm: 'NO WAY BACK',
  },
  {
    id: 'revenue-lock',
    verdict: 'block',
    because: 'The meter is revenue locked.',
    fix: 'Unlock it at the meter, then check again.',
  },
  {
    id: 'free-sockets',
    verdict: 'unknown',
    because: 'The number of connections could not be read.',
    fix: 'Close other software that talks to the meter, then check again.',
  },
];

const shared = { job: 'job-1', meter: 'Feeder 7' } as const;
export const PROGRESS: readonly JobProgress[] = [
  {
    ...shared,
    state: 'transferring',
    stage: { index: 1, count: 4, label: 'transfer' },
    bytes: { done: 7_340_032, total: 18_874_368, perSecond: 412_000 },
    secondsLeft: 28,
    stop: 'safe',
    message: 'Sending the image.',
  },
  {
    ...shared,
    state: 'applying',
    stage: { index: 2, count: 4, label: 'apply' },
    stop: 'too-late',
    message: 'The meter writes the new firmware.',
  },
  {
    ...shared,
    state: 'restarting',
    stage: { index: 3, count: 4, label: 'restart' },
    waitUntil: new Date(MOMENT + 754_000).toISOString(),
    stop: 'too-late',
    message: 'Waiting for the meter to answer again.',
  },
  {
    ...shared,
    state: 'done',
    stage: { index: 4, count: 4, label: 'come back' },
    stop: 'ended',
    message: 'The meter runs 4.6.0.',
  },
];

export const PROBLEM: Problem = problem({
  code: 'modbus/timeout',
  title: 'The meter did not answer',
  because: '10.0.0.7:502 unit 255 took the connection but gave no answer within 3.0 s.',
  meterState: METER_STATE.untouched,
  nextStep: 'Check that no other software holds the connections of the meter, then try again.',
  details: { host: '10.0.0.7', port: 502, unit: 255 },
});

export const DIFFERENCES: readonly DiffRow[] = [
  { id: 'firmware', label: 'Firmware', a: '4.0.0', b: '4.6.0', verdict: 'verified', because: 'As intended.' },
  { id: 'serial', label: 'Serial number', a: 'MJ-1511A001-02', b: 'MJ-1511A001-02', verdict: 'verified' },
  { id: 'energies', label: 'Energies', a: '36 counters', b: '1 is smaller', verdict: 'mismatch' },
  { id: 'settings', label: 'Settings', a: '110 read', b: '108 read', verdict: 'unknown' },
];

export const UNREAD = [{ id: 'sag', label: 'Sag limit', because: 'The register is not mapped on this firmware.' }];

export const HAND_OFF: HandOff = {
  title: 'Upgrade with ION Setup',
  steps: [
    { text: 'Start ION Setup 3.2.25037.01 or later and log in as a supervisor.', values: [] },
    {
      text: 'Add the meter with these values.',
      values: [
        { label: 'Address', value: '10.0.0.7' },
        { label: 'Port', value: '7700' },
      ],
    },
  ],
  watch: 'The version of the meter is read every 5 seconds.',
};

export const PHASORS: readonly PhasorArrow[] = [
  { kind: 'voltage', phase: 'A', size: 231, angle: 0, text: '231.0 V' },
  { kind: 'current', phase: 'A', size: 203, angle: 331.4, text: '203.0 A' },
  { kind: 'voltage', phase: 'B', size: 229, angle: 240, text: '229.0 V' },
  { kind: 'current', phase: 'B', size: 190, angle: 222, text: '190.0 A' },
  { kind: 'voltage', phase: 'C', size: 233, angle: 120, text: '233.0 V' },
];

export interface SampleRow {
  readonly id: string;
  readonly name: string;
  readonly size: number | null;
}

/** As many rows as the list has to carry without a stutter. */
export const ROWS: readonly SampleRow[] = Array.from({ length: 5_000 }, (_, index) => ({
  id: `row-${index + 1}`,
  name: `Meter ${index + 1}`,
  size: index % 7 === 0 ? null : (index * 7919) % 1000,
}));

/** What has to be typed in the gallery. */
export const CONFIRM = 'NO WAY BACK';
