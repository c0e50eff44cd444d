import { type FirmwareVersion, formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { readFirmwarePackage } from '../../firmware/package.ts';
import type { FirmwarePackage } from '../../firmware/types.ts';
import { isFinal, type UpgradePlan } from '../../upgrade/machine.ts';
import { makePlan, type Payload, payloadOf, readPayload } from '../../upgrade/plan.ts';
import type { Access, House } from '../house.ts';
import { withMeter } from '../meters.ts';
import { writeJobReport } from '../reports/reports.ts';
import type { MeterAnswers } from './interrupted.ts';
import { createJob, type OpenJob, readJob, reopenJob } from './job-files.ts';
import type { JobPorts, LiveJobs, StartedUpgrade } from './live-jobs.ts';
import { archiveFolder } from './packages.ts';
import { type BackupWish, type GateQuestion, runGates, secureBackup } from './ports.ts';
import { alreadyEnded, noCredentials, nothingToDo, wrongChannel } from './problems.ts';
import type { CheckRequest, UpgradeStarts } from './requests.ts';

/** What begins work on a meter: the check before, a new job, and one that is taken up again. */
export function createStarts(house: House, launchJob: LiveJobs['launch'], answers: MeterAnswers): UpgradeStarts {
  return {
    async check(access, request, signal) {
      if (request.channel === 'ion-setup' && request.target !== 'main') return wrongChannel(request.target);
      const firmware = isFirmware(request.target) ? await readFirmwarePackage(request.file) : null;
      // No gate looks at a plain file, so that one that cannot be sent must not come as far as the gates.
      const plain = firmware === null ? await readPayload(request.file, request.target) : null;
      if (plain?.ok === false) return plain;
      const question = questionOf(request, firmware);
      const gates = await withMeter(house, access, (meter) => runGates(house, meter, question, signal));
      if (!gates.ok) return gates;
      return ok({ gates: [...gates.value], blocked: gates.value.some((gate) => gate.verdict === 'block') });
    },

    async start(access, request) {
      if (request.channel === 'ion-setup' && request.target !== 'main') return wrongChannel(request.target);
      if (needsLogin(request) && access.credentials === undefined) return noCredentials();
      const payload = await readPayload(request.file, request.target);
      if (!payload.ok) return payload;
      const identity = await withMeter(house, access, (meter) => meter.identify());
      if (!identity.ok) return identity;
      const target = payload.value.firmware?.targetVersion ?? null;
      if (request.target === 'main' && target !== null && isSame(identity.value.firmware, target)) {
        return nothingToDo(target);
      }
      const places = { archive: archiveFolder(house), now: house.now() };
      const plan = await makePlan({ ...request, address: access.address }, payload.value, identity.value, places);
      if (!plan.ok) return plan;
      const open = await createJob(house, plan.value);
      if (!open.ok) return open;
      return launch(access, payload.value, open.value, request);
    },

    async resume(name, request) {
      const stored = await readJob(house, name);
      if (!stored.ok) return stored;
      const { plan, state, bag } = stored.value.job;
      const { attach = [], waive = [] } = request;
      if (isFinal(state)) return alreadyEnded(name, state);
      if (needsLogin(plan) && request.credentials === undefined) return noCredentials();
      const payload = await payloadOf(plan);
      if (!payload.ok) return payload;
      const open = await reopenJob(house, stored.value, request.by);
      if (!open.ok) return open;
      const access = { address: request.address ?? plan.address, credentials: request.credentials };
      answers.delete(name);
      return launch(access, payload.value, open.value, {
        ...plan,
        by: request.by,
        attach: attach.length === 0 ? plan.attach : attach,
        waive: [...plan.waive, ...waive],
        ...(bag === null ? {} : { backup: bag.path }),
        ...(request.ionSetup === undefined ? {} : { ionSetup: request.ionSetup }),
      });
    },
  };

  /** From here on everything belongs to the job and is released when it ends. */
  async function launch(
    access: Access,
    payload: Payload,
    open: OpenJob,
    request: CheckRequest & Omit<BackupWish, 'backup'>,
  ): Promise<Result<StartedUpgrade>> {
    const { plan } = open.step.job;
    const { firmware } = payload;
    if (firmware?.siteMap != null && firmware.targetVersion !== null) {
      await house.rememberSiteMap(firmware.targetVersion, firmware.siteMap);
    }
    const meter = await house.open(access);
    const awake = await house.laptop.keepAwake(`Upgrading ${plan.before.name ?? plan.address.host}`);
    const question = questionOf(request, firmware === null ? null : ok(firmware));
    const wish = { ...request, backup: request.backup };
    const ports: JobPorts = {
      meter,
      image: payload.image,
      folder: open.folder,
      caps: house.caps,
      now: house.now,
      by: request.by,
      evaluateGates: (signal) => runGates(house, meter, question, signal),
      secureBackup: (signal, note) => secureBackup(house, meter, question, wish, { signal, note }),
      writeReport: (job) => writeJobReport(house, { job, entries: open.journal.entries, folder: open.folder }),
      startIonSetup: () => startIonSetup(request),
      async release() {
        await meter.close();
        await awake.release();
      },
    };
    return ok(launchJob(open, ports));
  }

  async function startIonSetup(request: CheckRequest): Promise<Result<void>> {
    return house.laptop.startIonSetup(await house.laptop.findIonSetup(request.ionSetup ?? {}));
  }
}

function questionOf(request: CheckRequest, firmware: Result<FirmwarePackage> | null): GateQuestion {
  const { target, channel, backup, ionSetup } = request;
  const fileBytes = firmware?.ok === true ? firmware.value.members.reduce((sum, member) => sum + member.size, 0) : 0;
  return { target, channel, firmware, fileBytes, backup, ionSetup };
}

function isFirmware(target: UpgradePlan['target']): boolean {
  return target !== 'web-pages' && target !== 'cid';
}

/** Everything but a hand-off goes over SFTP. */
function needsLogin(plan: Pick<UpgradePlan, 'channel'>): boolean {
  return plan.channel === 'sftp-direct';
}

function isSame(firmware: FirmwareVersion | null, target: FirmwareVersion): boolean {
  return firmware !== null && formatFirmware(firmware) === formatFirmware(target);
}
