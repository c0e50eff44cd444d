import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { fail, METER_STATE, type Result } from '../../../shared/domain/problem.ts';

/** What services answer to requests that cannot be carried out as they are. */
export function noCredentials(): Result<never> {
  return fail({
    code: 'meter/no-credentials',
    title: 'A user and a password of the meter are needed',
    because: 'The file goes to the meter over SFTP, which asks for a login.',
    nextStep: 'Give the user (USER1 to USER50) and the password of the meter.',
  });
}

export function nothingToDo(target: FirmwareVersion): Result<never> {
  return fail({
    code: 'upgrade/nothing-to-do',
    title: 'There is nothing to do',
    because: `The meter runs ${formatFirmware(target)} already.`,
    nextStep: 'Nothing; the meter is as it should be.',
  });
}

export function alreadyEnded(job: string, state: string): Result<never> {
  return fail({
    code: 'job/ended',
    title: 'The job has ended',
    because: `${job} is ${state}; it cannot be resumed.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Look at its report, or start a new job.',
  });
}

export function notRunning(job: string): Result<never> {
  return fail({
    code: 'job/not-running',
    title: 'The job does not run here',
    because: `${job} is not being worked on by this program.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'List the jobs to see its state; an interrupted one can be resumed.',
  });
}

export function notAsking(job: string): Result<never> {
  return fail({
    code: 'job/no-question',
    title: 'The job asks nothing',
    because: `${job} is not waiting for a confirmation.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Look at the state of the job.',
  });
}

/** ION Setup is started for a job only while the upgrade is in its hands. */
export function notHandedOff(job: string): Result<never> {
  return fail({
    code: 'job/not-handed-off',
    title: 'The job is not in the hands of ION Setup',
    because: `${job} has not come to the step that is done in ION Setup.`,
    meterState: METER_STATE.untouched,
    nextStep: 'Wait for the written steps of the job.',
  });
}

/** A target that does not go through the chosen channel. */
export function wrongChannel(target: string): Result<never> {
  return fail({
    code: 'upgrade/wrong-channel',
    title: 'This target does not go through ION Setup',
    because: `The target ${target} goes into its own SFTP folder of the meter.`,
    nextStep: 'Use the channel sftp-direct for this target.',
  });
}
