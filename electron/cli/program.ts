import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import { type FirmwareVersion, firmwareVersion, parseFirmwareVersion } from '../../shared/domain/firmware-version.ts';
import { UPGRADE_CHANNELS, UPGRADE_TARGETS } from '../../shared/domain/job.ts';
import { METER_STATE, problem, reasonOf } from '../../shared/domain/problem.ts';
import { REPORT_FORMATS } from '../../shared/domain/report-format.ts';
import { HELP as CONTROL_HELP } from '../../simulator/control-routes.ts';
import { resolveHome } from '../inventory/home.ts';
import { REGISTER_GROUPS } from '../meter/types.ts';
import { LOG_FORMATS } from '../services/logs/bag-logs.ts';
import { backup, diff, verify } from './commands/backup.ts';
import { clean, listBackups } from './commands/backup-folder.ts';
import { demo } from './commands/demo.ts';
import { jobs, report } from './commands/jobs.ts';
import { list as listLogs, parseInstant, read as readLog } from './commands/logs.ts';
import { exportLogs } from './commands/logs-bag.ts';
import { identify, read } from './commands/meters.ts';
import { inspect } from './commands/package.ts';
import { simulate } from './commands/simulate.ts';
import { check, upgrade } from './commands/upgrade.ts';
import { exportWaveforms, listWaveforms } from './commands/waveforms.ts';
import { type CommandContext, createContext } from './context.ts';
import { withDlms } from './dlms-options.ts';
import { type CommonOptions, collect, integer, overrides, parsePorts, secondsOption, waivers } from './options.ts';
import { addSettings } from './settings.ts';
import { failedOutcome, type Outcome } from './terminal.ts';

const EXIT_HELP = `
Exit codes: 0 done · 1 failed · 2 nothing to do · 3 unreachable · 4 blocked by a gate · 5 interrupted · 64 wrong usage
Credentials: METERWRIGHT_USER and METERWRIGHT_PASSWORD, or a prompt; METERWRIGHT_DLMS_PASSWORD for DLMS; never an argument.`;

/** All commands of the terminal, bound to the services that the page uses, too. */
export function buildProgram(): Command {
  const program = new Command('meterwright')
    .description('Back up, check and upgrade PowerLogic ION7400 power meters')
    .version(version)
    .addHelpText('after', EXIT_HELP)
    .exitOverride();

  common(program.command('demo').description('the whole main job on simulated meters, over real sockets'))
    .option('--count <n>', 'number of meters', integer(1, 20), 1)
    .action(run((context, options: { count: number }) => demo(context, options)));

  common(program.command('simulate').description('run simulated meters until stopped; prints one JSON document'))
    .option('--count <n>', 'number of meters', integer(1, 1000), 1)
    .addOption(firmwareOption('--firmware <version>', 'firmware they run'))
    .addOption(firmwareOption('--shipped <version>', 'firmware they were shipped with'))
    .addOption(
      new Option('--feature-set <set>', 'feature set')
        .choices(['essential', 'standard', 'advanced'])
        .default('advanced'),
    )
    .option('--state <dir>', 'folder that survives restarts (default: a new temporary one)')
    .option('--faults <file>', 'JSON list of faults')
    .option('--control-port <port>', 'control port of the first meter; 0 = any', integer(0, 65_535), 0)
    .option('--apply-seconds <n>', 'how long applying an image takes', integer(0, 3600), 5)
    .addHelpText('after', `\n${CONTROL_HELP}`)
    .action(run((context, options: Parameters<typeof simulate>[1]) => simulate(context, options)));

  common(program.command('identify').description('who a meter is and what it can do now').argument('<host>')).action(
    runOn((context, host) => identify(context, host)),
  );

  common(program.command('read').description('read values').argument('<host>'))
    .addOption(new Option('--group <group>', 'which values').choices([...REGISTER_GROUPS, 'all']).default('live'))
    .action(runOn((context, host, options: Parameters<typeof read>[2]) => read(context, host, options)));

  addBackup(program);
  addUpgrade(program);
  addLogs(program);
  addWaveforms(program);

  const packages = program.command('package').description('firmware packages');
  common(packages.command('inspect').description('what is inside a package').argument('<file>')).action(
    runOn((context, file) => inspect(context, file)),
  );

  common(program.command('jobs').description('all jobs, or one with its journal').argument('[job]')).action(
    runOn((context, job?: string) => jobs(context, job)),
  );
  common(program.command('report').description('write the report of a job').argument('<job>'))
    .addOption(new Option('--format <format>', 'format').choices([...REPORT_FORMATS]).default('html'))
    .option('--out <file>', 'file to write (default: in the data folder)')
    .action(runOn((context, job, options: Parameters<typeof report>[2]) => report(context, job, options)));

  addSettings(program, { common, firmwareOption, finish });

  for (const command of everyCommand(program)) {
    // Subcommands do not inherit it: without this a wrong flag would end the process with code 1.
    command.exitOverride();
    refuseEmpty(command);
  }
  return program;
}

function addBackup(program: Command): void {
  const command = program.command('backup').description('back up a meter; verify and compare backups');
  withDlms(common(command.argument('[host]')))
    .option('--out <dir>', 'folder in which the bag is made (default: in the data folder)')
    .option('--attach <file>', 'export of ION Setup or any other file; may be repeated', collect)
    .option('--waive <item=reason>', 'go on without an item, by name; may be repeated', waivers)
    .option('--by <name>', 'name for the records (default: the user of this PC)')
    .option('--full', 'read every log whole, also where an earlier backup could be gone on with', false)
    .action(
      runOn((context, host: string | undefined, options: Parameters<typeof backup>[2]) => {
        if (host === undefined)
          throw new InvalidArgumentError(
            'Give HOST, or one of: backup list, backup verify DIR, backup diff A B, backup clean.',
          );
        return backup(context, host, options);
      }),
    );
  common(command.command('list').description('backups, and what interrupted ones left').argument('[dir]')).action(
    runOn((context, dir: string | undefined) => listBackups(context, dir)),
  );
  common(command.command('clean').description('remove what interrupted backups and log reads left').argument('[dir]'))
    .option('--yes', 'without being asked', false)
    .action(runOn((context, dir: string | undefined, options: { yes?: boolean }) => clean(context, dir, options)));
  common(command.command('verify').description('read a bag again from the disk').argument('<dir>')).action(
    runOn((context, bag) => verify(context, bag)),
  );
  common(command.command('diff').description('compare two bags, or a bag with a meter').argument('<a>').argument('[b]'))
    .option('--meter <host>', 'compare with this meter as it is now')
    .action(async (a: string, b: string | undefined, _options: unknown, self: Command) => {
      await finish(self, (context, options: { meter?: string }) => diff(context, a, b, options));
    });
}

function addLogs(program: Command): void {
  const command = program.command('logs').description('what recorders of a meter, or of a backup, hold');
  withDlms(
    common(command.command('list').description('the logs of a meter or of a bag').argument('<host-or-bag>')),
  ).action(runOn((context, subject: string) => listLogs(context, subject)));
  withDlms(common(command.command('read').description('read a log of a meter into a file').argument('<host>')))
    .requiredOption('--recorder <id>', 'id or name of the recorder, as logs list gives it')
    .requiredOption('--out <file.csv>', 'file to write; its description goes beside it as .json')
    .option('--from <time>', 'rows from this time on: 2026-11-22 or 2026-11-22T08:00:00Z', parseInstant)
    .option('--to <time>', 'rows up to this time, which is included', parseInstant)
    .option('--overwrite', 'replace files of these names', false)
    .action(runOn((context, host: string, options: Parameters<typeof readLog>[2]) => readLog(context, host, options)));
  common(command.command('export').description('write logs of a bag as CSV, Parquet or JSON').argument('<bag>'))
    .requiredOption('--out <path>', 'folder, or with --recorder a file')
    .addOption(new Option('--format <format>', 'format').choices([...LOG_FORMATS]).default('csv'))
    .option('--recorder <id>', 'id or name of one log (default: all)')
    .option('--from <time>', 'rows from this time on', parseInstant)
    .option('--to <time>', 'rows up to this time, which is included', parseInstant)
    .option('--overwrite', 'replace files of these names', false)
    .action(
      runOn((context, bag: string, options: Parameters<typeof exportLogs>[2]) => exportLogs(context, bag, options)),
    );
}

function addWaveforms(program: Command): void {
  const command = program.command('waveforms').description('COMTRADE records of a meter, or of a backup');
  common(command.command('list').description('the records, each pair checked').argument('<host-or-bag>')).action(
    runOn((context, subject: string) => listWaveforms(context, subject)),
  );
  common(command.command('export').description('the files of the records, untouched').argument('<host-or-bag>'))
    .requiredOption('--out <dir>', 'folder; files in it are never replaced')
    .action(runOn((context, subject: string, options: { out: string }) => exportWaveforms(context, subject, options)));
}

function addUpgrade(program: Command): void {
  const targeted = (command: Command, targets: readonly string[]): Command =>
    command
      .addOption(
        new Option('--channel <channel>', 'how the image reaches the meter')
          .choices([...UPGRADE_CHANNELS])
          .default('sftp-direct'),
      )
      .addOption(new Option('--target <target>', 'what is sent').choices([...targets]).default('main'))
      .option('--backup <bag>', 'backup to rely on (default: the newest of this meter that counts)')
      .option('--ion-setup <file>', 'program of ION Setup')
      .option('--ion-setup-version <version>', 'version of ION Setup as you read it; recorded as attested by you');
  targeted(
    common(program.command('check').description('run every check before an upgrade').argument('<host>')).requiredOption(
      '--package <file>',
      'firmware package, or the file to send',
    ),
    UPGRADE_TARGETS,
  ).action(runOn((context, host, options: Parameters<typeof check>[2]) => check(context, host, options)));
  targeted(
    withDlms(
      common(program.command('upgrade').description('upgrade a meter, or take up a job again').argument('[host]')),
    ).option('--package <file>', 'firmware package, or the file to send'),
    [...UPGRADE_TARGETS, 'template'],
  )
    .addOption(
      new Option('--resume <job>', 'take up an interrupted job').conflicts([
        ...['ports', 'unit', 'package', 'channel', 'target', 'backup', 'override', 'folder'],
      ]),
    )
    .option('--override <gate=reason>', 'go on in spite of a warning, with a reason; may be repeated', overrides)
    .option('--attach <file>', 'for the backup that the job takes', collect)
    .option('--waive <item=reason>', 'for the backup that the job takes', waivers)
    .option('--by <name>', 'name for the records (default: the user of this PC)')
    .option('--folder <name>', 'subfolder of web for web pages', '')
    .option('--yes', 'apply without asking at the point of no return', false)
    .action(
      runOn((context, host: string | undefined, options: Parameters<typeof upgrade>[2]) =>
        upgrade(context, host, options),
      ),
    );
}

function common(command: Command): Command {
  return command
    .option('--ports <list>', 'ports that differ: modbus=502,sftp=22,dlms=4059,bacnet=47808', parsePorts)
    .option('--unit <n>', 'Modbus unit; 255 is the meter itself', integer(1, 255), 255)
    .option('--home <dir>', 'data folder (also METERWRIGHT_HOME)')
    .option('--timeout <seconds>', 'cap on connecting and on each request', secondsOption, 5)
    .option('--json', 'one JSON document on standard output', false)
    .option('--verbose', 'more words on standard error', false);
}

/** Runs a command without an argument. */
function run<Options>(work: (context: CommandContext, options: Options) => Promise<Outcome>) {
  return async (_options: unknown, self: Command): Promise<void> => {
    await finish(self, work);
  };
}

/** Runs a command with one argument. */
function runOn<Subject extends string | undefined, Options>(
  work: (context: CommandContext, subject: Subject, options: Options) => Promise<Outcome>,
) {
  return async (subject: Subject, _options: unknown, self: Command): Promise<void> => {
    await finish(self, (context, options: Options) => work(context, subject, options));
  };
}

async function finish<Options>(
  self: Command,
  work: (context: CommandContext, options: Options) => Promise<Outcome>,
): Promise<void> {
  refuseOptionsOfParents(self);
  const options = self.optsWithGlobals<CommonOptions & Options>();
  const context = createContext(options);
  if (options.verbose)
    context.terminal.note(`meterwright ${version}, Node ${process.versions.node}, ${process.platform}`);
  if (options.verbose) context.terminal.note(`Data folder: ${resolveHome(options.home, process.env)}`);
  const outcome = await work(context, options).catch(unexpected);
  const exit = await context.terminal.finish(outcome);
  // Commands end by themselves; a socket of a meter that does not answer must not keep the terminal waiting.
  process.exit(exit);
}

/** Wrong usage is commander's to tell; anything else that is thrown is a defect of ours, and still ends in a document. */
function unexpected(thrown: unknown): Outcome {
  if (thrown instanceof CommanderError) throw thrown;
  return failedOutcome(
    problem({
      code: 'internal/unexpected',
      title: 'The command ended unexpectedly',
      because: reasonOf(thrown),
      meterState: METER_STATE.unknown,
      nextStep: 'Identify the meter if one was involved, and report this as a defect of Meterwright.',
    }),
  );
}

function firmwareOption(flags: string, description: string, byDefault = '4.0.0'): Option {
  return new Option(flags, description).argParser(firmware).default(firmwareVersion(byDefault), byDefault);
}

function firmware(text: string): FirmwareVersion {
  const parsed = parseFirmwareVersion(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.problem.because);
  return parsed.value;
}

/** commander lets `backup` take its options on `backup verify`, too, where they would mean nothing. */
function refuseOptionsOfParents(self: Command): void {
  const own = new Set(self.options.map((option) => option.attributeName()));
  for (let parent = self.parent; parent !== null; parent = parent.parent) {
    for (const option of parent.options) {
      const name = option.attributeName();
      if (!own.has(name) && parent.getOptionValueSource(name) === 'cli') {
        throw new InvalidArgumentError(`${self.name()} does not take ${option.long ?? option.flags}.`);
      }
    }
  }
}

/** An empty text is the variable of a script that was not set: it is never taken for "none" or for the current folder. */
function refuseEmpty(command: Command): void {
  const given = (text: string): string => {
    if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
    return text;
  };
  for (const option of command.options) {
    if ((option.required || option.optional) && option.parseArg === undefined) option.argParser(given);
  }
  for (const argument of command.registeredArguments) {
    if (argument.parseArg === undefined && !argument.variadic) argument.argParser(given);
  }
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
