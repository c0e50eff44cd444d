import { type Command, InvalidArgumentError, Option } from 'commander';
import { SETTING_AREAS, type SettingArea } from '../../shared/domain/change.ts';
import type { FirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { REPORT_FORMATS } from '../../shared/domain/report-format.ts';
import { addBacnet } from './bacnet.ts';
import { auditExport, auditList, auditVerify } from './commands/settings/audit.ts';
import { configurationsList, configurationsReport } from './commands/settings/configurations.ts';
import { configure } from './commands/settings/configure.ts';
import { mapImport, mapShow } from './commands/settings/map.ts';
import { plansSchema, templatesList, templatesRemove, templatesSave } from './commands/settings/templates.ts';
import { withDlms } from './dlms-options.ts';
import type { CommandKit } from './kit.ts';
import { addPasswords } from './passwords.ts';

const PLANS = `
A plan is a file in JSON or YAML. What it leaves out stays as it is.
  area: bacnet
  settings: { enabled: true, deviceId: 6022, deviceMode: foreign, bbmdAddress: 192.0.2.10, ethernetDeviceName: feeder-12 }

  area: security
  settings: { complexity: nerc_cip_007_5, minimumLength: 8, users: { USER2: { rights: [read, timeSync] } } }

  area: recorders
  settings: { recorders: { "6": { interval: 900, depth: 37718, bufferDepth: 96, sources: [kW tot mean, Freq mean] } } }

  area: clock
  settings: { set: true }
The clock is set over DLMS, with METERWRIGHT_DLMS_PASSWORD and --dlms-client; set: true is the time of this PC.`;

/** The commands that set up a meter: maps, settings, and the audit trail of both. */
export function addSettings(program: Command, { common, firmwareOption, finish }: CommandKit): void {
  withDlms(
    common(
      program
        .command('configure')
        .description('show, plan and apply settings')
        .argument('<host>')
        .argument('<area>', SETTING_AREAS.join(', ')),
    ),
  )
    .addOption(new Option('--show', 'what the meter says now').conflicts(['template', 'giveUp', 'yes']))
    .option('--plan [file]', 'what a plan would change; writes nothing')
    .option('--apply [file]', 'change it, and read it back')
    .option('--template <name>', 'the plan that was saved under this name, in place of a file')
    .option('--yes', 'apply without asking, and confirm the rows of the map that are listed', false)
    .option(
      '--give-up <recorder=reason>',
      'erase the log of a data recorder without a backup; may be repeated',
      givenUp,
    )
    .option('--by <name>', 'name for the records (default: the user of this PC)')
    .addHelpText('after', PLANS)
    .action(async (host: string, area: string, _options: unknown, self: Command) => {
      const known = SETTING_AREAS.find((candidate): candidate is SettingArea => candidate === area);
      if (known === undefined) throw new InvalidArgumentError(`AREA is one of ${SETTING_AREAS.join(', ')}.`);
      if (known !== 'recorders' && self.getOptionValue('giveUp') !== undefined) {
        throw new InvalidArgumentError('--give-up is for the logs of recorders.');
      }
      await finish(self, (context, options: Parameters<typeof configure>[3]) =>
        configure(context, host, known, options),
      );
    });

  addPasswords(program, { common, finish });
  addTemplates(program, { common, finish });
  addPlans(program, { common, finish });
  addConfigurations(program, { common, finish });
  addBacnet(program, { common, finish });

  const map = program.command('map').description("the vendor's Modbus map, through which settings are reached");
  const firmware = (): Option => firmwareOption('--firmware <version>', 'firmware that the map is for', '4.6.0');
  common(map.command('import').description('keep the map workbook (.xlsx) of a firmware package').argument('<file>'))
    .addOption(firmware())
    .action(async (file: string, _options: unknown, self: Command) => {
      await finish(self, (context, options: { firmware: FirmwareVersion }) => mapImport(context, file, options));
    });
  common(map.command('show').description('which row of the map stands for which setting'))
    .addOption(firmware())
    .action(async (_options: unknown, self: Command) => {
      await finish(self, (context, options: { firmware: FirmwareVersion }) => mapShow(context, options));
    });

  const audit = program.command('audit').description('every setting that was written, by whom');
  common(audit.command('list').description('the audit trail, oldest first')).action(
    async (_options: unknown, self: Command) => {
      await finish(self, (context) => auditList(context));
    },
  );
  common(
    audit.command('verify').description('check the chain of the audit trail, and that its last lines are there'),
  ).action(async (_options: unknown, self: Command) => {
    await finish(self, (context) => auditVerify(context));
  });
  common(audit.command('export').description('the audit trail as CSV'))
    .requiredOption('--out <file>', 'file to write; an existing one is replaced')
    .action(async (_options: unknown, self: Command) => {
      await finish(self, (context, options: { out: string }) => auditExport(context, options));
    });
}

function addTemplates(program: Command, { common, finish }: Pick<CommandKit, 'common' | 'finish'>): void {
  const templates = program.command('templates').description('plans under a name, for many meters');
  common(templates.command('list').description('all of them')).action(async (_options: unknown, self: Command) => {
    await finish(self, (context) => templatesList(context));
  });
  common(templates.command('save').description('keep a plan; one of the same name is replaced').argument('<name>'))
    .requiredOption('--plan <file>', 'plan file, JSON or YAML')
    .action(async (name: string, _options: unknown, self: Command) => {
      await finish(self, (context, { plan }: { plan: string }) => templatesSave(context, name, plan));
    });
  common(templates.command('remove').description('forget one').argument('<name>')).action(
    async (name: string, _options: unknown, self: Command) => {
      await finish(self, (context) => templatesRemove(context, name));
    },
  );
}

function addPlans(program: Command, { common, finish }: Pick<CommandKit, 'common' | 'finish'>): void {
  const plans = program.command('plans').description('plan files: what configure --plan and --apply read');
  common(plans.command('schema').description('their JSON Schema (draft 2020-12), for editors')).action(
    async (_options: unknown, self: Command) => {
      await finish(self, () => Promise.resolve(plansSchema()));
    },
  );
}

function addConfigurations(program: Command, { common, finish }: Pick<CommandKit, 'common' | 'finish'>): void {
  const configurations = program.command('configurations').description('plans that were applied from this PC');
  common(configurations.command('list').description('all of them, newest first'))
    .option('--serial <serial>', 'those of one meter')
    .action(async (_options: unknown, self: Command) => {
      await finish(self, (context, options: { serial?: string }) => configurationsList(context, options));
    });
  common(configurations.command('report').description('write the report of one').argument('<run>'))
    .addOption(new Option('--format <format>', 'format').choices([...REPORT_FORMATS]).default('html'))
    .option('--out <file>', 'file to write (default: in the data folder)')
    .action(async (run: string, _options: unknown, self: Command) => {
      await finish(self, (context, options: Parameters<typeof configurationsReport>[2]) =>
        configurationsReport(context, run, options),
      );
    });
}

/** Collects `RECORDER=REASON`. */
function givenUp(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const match = /^([1-9]\d?)=\s*(\S.*)$/.exec(text);
  const [, recorder = '', reason = ''] = match ?? [];
  if (match === null || Number(recorder) > 64) {
    throw new InvalidArgumentError('Expected RECORDER=REASON with the number of a data recorder, 1 to 64.');
  }
  return { ...before, [recorder]: reason };
}
