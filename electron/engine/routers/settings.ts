import { readFile } from 'node:fs/promises';
import { implement } from '@orpc/server';
import { contract } from '../../../shared/contract/index.ts';
import type { ApplyEvent } from '../../../shared/contract/settings-calls.ts';
import type { Plan, SetupPlan } from '../../../shared/domain/change.ts';
import { fail, ok, type Result } from '../../../shared/domain/problem.ts';
import { parsePlan, planText } from '../../configure/plan-file.ts';
import { diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import { exportRunReport } from '../../services/reports/run-reports.ts';
import { listConfigurations } from '../../services/settings/configuration-record.ts';
import { applySettings, readSettings, reviewSettings } from '../../services/settings/configurations.ts';
import { confirmMap, importMap } from '../../services/settings/site-maps.ts';
import { listTemplates, removeTemplate, saveTemplate } from '../../services/settings/templates.ts';
import {
  applyOutcomeView,
  areaReadingView,
  configurationView,
  mapState,
  planReviewView,
} from '../../services/settings/views.ts';
import { outcomeStream } from '../outcome-stream.ts';
import { answer, mutable } from '../outgoing.ts';
import type { EngineParts } from '../parts.ts';

/** The calls of `maps`, `configure` and `templates`. */
export function createSettingsRouter({ house, logins }: Pick<EngineParts, 'house' | 'logins'>) {
  const os = implement(contract);
  return {
    maps: {
      state: os.maps.state.handler(async ({ input }) => {
        const state = await mapState(house, input.firmware);
        return state.ok ? state.value : null;
      }),
      import: os.maps.import.handler(async ({ input }) => {
        const imported = await importMap(house, input.file, input.firmware);
        if (!imported.ok) return imported;
        const state = await mapState(house, input.firmware);
        if (!state.ok) return state;
        const { notUnderstood, conflicts } = imported.value;
        return ok({ state: state.value, notUnderstood: [...notUnderstood], conflicts: [...conflicts] });
      }),
      confirm: os.maps.confirm.handler(async ({ input }) => {
        const confirmed = await confirmMap(house, input.firmware, input);
        return confirmed.ok ? mapState(house, input.firmware) : confirmed;
      }),
    },
    configure: {
      read: os.configure.read.handler(async ({ input, signal }) =>
        answer(await readSettings(house, logins.access(input), input.area, signal), ({ reading }) =>
          areaReadingView(reading),
        ),
      ),
      review: os.configure.review.handler(async ({ input, signal }) => {
        const plan = setupPlan(input.plan);
        if (!plan.ok) return plan;
        const wishes = { giveUp: input.giveUp, assumeConfirmed: input.assumeConfirmed };
        return answer(await reviewSettings(house, logins.access(input), plan.value, wishes, signal), planReviewView);
      }),
      apply: os.configure.apply.handler(({ input, signal }) =>
        // A page that goes away does not stop it: what was agreed to is carried out.
        outcomeStream<ApplyEvent>(async ({ push }) => {
          const plan = setupPlan(input.plan);
          if (!plan.ok) return { type: 'end', result: plan };
          const applied = await applySettings(house, logins.access(input), plan.value, {
            giveUp: input.giveUp,
            by: input.by,
            expected: { changes: input.changes },
            onProgress: (done, of, setting) => push({ type: 'progress', done, of, setting }),
          });
          return { type: 'end', result: answer(applied, applyOutcomeView) };
        }, signal),
      ),
      records: os.configure.records.handler(async ({ input }) =>
        (await listConfigurations(house, input.serial ?? undefined)).map(configurationView),
      ),
      report: os.configure.report.handler(async ({ input }) =>
        answer(await exportRunReport(house, input.run, input.format, input.out), ({ file, sha256 }) => ({
          file,
          sha256,
        })),
      ),
      openPlan: os.configure.openPlan.handler(async ({ input }) => {
        try {
          return answer(parsePlan(await readFile(input.file, 'utf8')), mutable);
        } catch (thrown) {
          return { ok: false as const, problem: diskProblem(thrown, input.file, 'read') };
        }
      }),
      savePlan: os.configure.savePlan.handler(async ({ input }) =>
        answer(await writeFileDurably(input.file, planText(input.plan, input.file)), () => null),
      ),
    },
    templates: {
      list: os.templates.list.handler(async () => mutable(await listTemplates(house))),
      save: os.templates.save.handler(async ({ input }) =>
        answer(await saveTemplate(house, input.name, input.plan), () => null),
      ),
      remove: os.templates.remove.handler(async ({ input }) =>
        answer(await removeTemplate(house, input.name), () => null),
      ),
    },
  };
}

/** The clock is not a setting that stands in a register. */
function setupPlan(plan: Plan): Result<SetupPlan> {
  if (plan.area !== 'clock') return ok(plan);
  return fail({
    code: 'plan/other-area',
    title: 'The clock has its own action',
    because: 'Setting the clock is no change of a setup register.',
    nextStep: 'Use the pane of the clock.',
  });
}
