import { implement } from '@orpc/server';
import { contract } from '../../../shared/contract/index.ts';
import { identifyMeter, logIn, readValues } from '../../services/meters.ts';
import { journalLineOf } from '../../services/views.ts';
import { liveReadings } from '../live.ts';
import { answer, mutable, practiceViewOf } from '../outgoing.ts';
import type { EngineParts } from '../parts.ts';
import { listedMeterOf } from './feeds.ts';

/**
 * The calls that work on meters: logins, the list of meters, host keys, checks, upgrades, jobs and simulated meters. Inputs and outputs are checked
 * against the contract by oRPC.
 */
export function createMeterRouter(parts: EngineParts) {
  const { house, upgrades, meters, logins, practice } = parts;
  const os = implement(contract);

  return {
    credentials: {
      remember: os.credentials.remember.handler(({ input }) => {
        logins.remember(input, input.credentials);
        return null;
      }),
      forget: os.credentials.forget.handler(({ input }) => {
        logins.forget(input);
        return null;
      }),
      login: os.credentials.login.handler(async ({ input, signal }) => {
        const { address, credentials } = input;
        const door = { host: address.host, port: address.ports.sftp };
        // What is remembered may be wrong by now: nothing may try it again while this one is judged, or after it was refused.
        logins.forget(door);
        const found = await logIn(house, { address, credentials }, signal);
        if (!found.ok) return found;
        logins.remember(door, credentials);
        return { ok: true as const, value: { user: credentials.user } };
      }),
      known: os.credentials.known.handler(({ input }) => {
        const found = logins.find(input);
        return found === undefined ? null : { user: found.user };
      }),
      rememberDlms: os.credentials.rememberDlms.handler(({ input }) => {
        logins.rememberDlms(input, input.dlms);
        return null;
      }),
      forgetDlms: os.credentials.forgetDlms.handler(({ input }) => {
        logins.forgetDlms(input);
        return null;
      }),
      knownDlms: os.credentials.knownDlms.handler(({ input }) => {
        const found = logins.findDlms(input);
        if (found === undefined) return null;
        const { password, ...rest } = found;
        return { ...rest, hasPassword: password !== undefined };
      }),
    },

    meters: {
      list: os.meters.list.handler(() => meters.list().map(listedMeterOf)),
      add: os.meters.add.handler(async ({ input }) => {
        const { address, ...extra } = input;
        return answer(await meters.add(address, extra), listedMeterOf);
      }),
      setSite: os.meters.setSite.handler(async ({ input }) =>
        answer(await meters.setSite(input.ids, input.site), () => null),
      ),
      remove: os.meters.remove.handler(async ({ input }) => answer(await meters.remove(input.id), () => null)),
      identify: os.meters.identify.handler(async ({ input, signal }) => {
        const found = await identifyMeter(house, logins.access(input), signal);
        if (!found.ok) return found;
        const noted = await meters.saw(input.address, found.value);
        return noted.ok ? found : noted;
      }),
      read: os.meters.read.handler(({ input, signal }) => readValues(house, logins.access(input), input.group, signal)),
      live: os.meters.live.handler(({ input, signal }) =>
        liveReadings(house, logins.access(input), input.intervalMs, signal),
      ),
    },

    hostKeys: {
      list: os.hostKeys.list.handler(async () => answer(await house.hostKeys.list(), (found) => [...found])),
      forget: os.hostKeys.forget.handler(({ input }) => house.hostKeys.forget(input.host, input.port)),
    },

    checks: {
      run: os.checks.run.handler(({ input, signal }) => upgrades.check(logins.access(input), input, signal)),
    },

    upgrades: {
      start: os.upgrades.start.handler(async ({ input }) =>
        answer(await upgrades.start(logins.access(input), input), parts.adopt),
      ),
      resume: os.upgrades.resume.handler(async ({ input }) => {
        const stored = await upgrades.load(input.job);
        if (!stored.ok) return stored;
        const { plan } = stored.value.stored.job;
        const moved = plan.before.simulated ? practice.placeOf(plan.before.serial) : undefined;
        const { address, credentials } = logins.access({ address: moved ?? plan.address, ...input });
        const { by, attach = [], waive = [] } = input;
        return answer(await upgrades.resume(input.job, { by, attach, waive, address, credentials }), parts.adopt);
      }),
      cancel: os.upgrades.cancel.handler(({ input }) => upgrades.cancel(input.job)),
      confirm: os.upgrades.confirm.handler(({ input }) => upgrades.confirm(input.job, input.confirmed)),
      handOff: os.upgrades.handOff.handler(({ input }) => answer(upgrades.handOff(input.job), mutable)),
      startIonSetup: os.upgrades.startIonSetup.handler(async ({ input }) =>
        answer(await upgrades.startIonSetup(input.job), () => null),
      ),
    },

    jobs: {
      list: os.jobs.list.handler(async () => [...(await upgrades.list())]),
      journal: os.jobs.journal.handler(async ({ input }) =>
        answer(await upgrades.load(input.job), ({ stored }) => stored.entries.map(journalLineOf)),
      ),
      report: os.jobs.report.handler(async ({ input }) => {
        const loaded = await upgrades.load(input.job);
        if (!loaded.ok) return loaded;
        const { exportReport } = await import('../../services/reports/reports.ts');
        return exportReport(house, loaded.value.stored, input.format, input.out);
      }),
      preview: os.jobs.preview.handler(async ({ input }) => {
        const loaded = await upgrades.load(input.job);
        if (!loaded.ok) return loaded;
        const { previewReport } = await import('../../services/reports/reports.ts');
        return previewReport(house, loaded.value.stored);
      }),
    },

    practice: {
      start: os.practice.start.handler(async ({ input }) => answer(await practice.start(input), practiceViewOf)),
      running: os.practice.running.handler(() => {
        const running = practice.running();
        return running === null ? null : practiceViewOf(running);
      }),
      stop: os.practice.stop.handler(async () => {
        await practice.stop();
        return null;
      }),
    },
  };
}
