import { type Command, InvalidArgumentError, Option } from 'commander';
import { PASSWORD_CLIENTS, type PasswordClientId } from '../../shared/domain/settings/passwords/clients.ts';
import { COMPLEXITIES } from '../../shared/domain/settings/passwords/policy.ts';
import { METER_USERS } from '../../shared/domain/settings/passwords/users.ts';
import {
  type ApplyPasswordsOptions,
  applyPasswords,
  auditPasswords,
  type OpenPasswordsOptions,
  openSealed,
  type PlanPasswordsOptions,
  planPasswords,
} from './commands/settings/passwords.ts';
import type { CommandKit } from './kit.ts';
import { integer } from './options.ts';

const SECRETS = `
Passphrase of the sealed file: METERWRIGHT_PASSPHRASE, or a prompt. New passwords are generated, or typed at a prompt; never an argument.`;

/** The commands for users and their passwords. */
export function addPasswords(program: Command, { common, finish }: Pick<CommandKit, 'common' | 'finish'>): void {
  const passwords = program.command('passwords').description('passwords of users: audit, plan, seal, apply');
  common(
    passwords
      .command('audit')
      .description('users, their rights, and whose password has to be changed')
      .argument('<host>'),
  ).action(async (host: string, _options: unknown, self: Command) => {
    await finish(self, (context) => auditPasswords(context, host));
  });

  common(
    passwords
      .command('plan')
      .description('new passwords for one or many meters, sealed into a file; writes nothing to a meter')
      .argument('<host...>'),
  )
    .option('--users <list>', 'users that get a generated password: USER1,USER2', users, [])
    .option('--typed <list>', 'users whose new password is typed at a prompt', users)
    .requiredOption('--seal <file>', 'file to seal the passwords into; it must not exist')
    .option('--length <n>', 'characters of generated passwords (default: as many as allowed)', integer(1, 16))
    .option('--clients <list>', `what must be able to use them: ${PASSWORD_CLIENTS.join(', ')}`, clients)
    .addOption(new Option('--complexity <name>', 'policy that the meter will have').choices(COMPLEXITIES))
    .option('--minimum-length <n>', 'minimum length of that policy', integer(1, 16))
    .option('--by <name>', 'name for the records (default: the user of this PC)')
    .addHelpText('after', SECRETS)
    .action(async (hosts: string[], _options: unknown, self: Command) => {
      await finish(self, (context, options: PlanPasswordsOptions) => planPasswords(context, hosts, options));
    });

  common(
    passwords.command('apply').description('set the passwords that a sealed file holds for a meter').argument('<host>'),
  )
    .requiredOption('--sealed <file>', 'file of "passwords plan"')
    .option('--verify', 'try one login over SFTP with each new password', false)
    .option('--yes', 'apply without asking, and confirm the rows of the map that are listed', false)
    .option('--by <name>', 'name for the records (default: the user of this PC)')
    .addHelpText('after', SECRETS)
    .action(async (host: string, _options: unknown, self: Command) => {
      await finish(self, (context, options: ApplyPasswordsOptions) => applyPasswords(context, host, options));
    });

  common(passwords.command('open').description('show the passwords of a sealed file').argument('<file>'))
    .option('--meter <serial>', 'only those of one meter')
    .option('--reveal', 'needed where standard output is no terminal, and with --json', false)
    .option('--by <name>', 'name for the records (default: the user of this PC)')
    .addHelpText('after', SECRETS)
    .action(async (file: string, _options: unknown, self: Command) => {
      await finish(self, (context, options: OpenPasswordsOptions) => openSealed(context, file, options));
    });
}

function users(text: string): readonly string[] {
  return listOf(text, METER_USERS);
}

function clients(text: string): readonly PasswordClientId[] {
  return listOf(text, PASSWORD_CLIENTS);
}

/** Names with commas between them, each out of a list. */
function listOf<Name extends string>(text: string, names: readonly Name[]): readonly Name[] {
  return text.split(',').map((part) => {
    const found = names.find((name) => name === part.trim());
    if (found === undefined) {
      throw new InvalidArgumentError(
        `${JSON.stringify(part.slice(0, 40))} is none of ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`,
      );
    }
    return found;
  });
}
