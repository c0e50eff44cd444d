import { fail, METER_STATE, ok, type Result } from '../../../shared/domain/problem.ts';
import { prompt } from '../options.ts';

/** Whether there is a person to ask. */
function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks a person; without a terminal the answer is no. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  return /^y(es)?$/i.test((await prompt(`${question} [y/N] `, false)).trim());
}

/**
 * The passphrase of a sealed file: from METERWRIGHT_PASSPHRASE, or asked for, twice where a file is made with it. Never an argument: arguments stand
 * in process lists and shell histories.
 */
export async function askPassphrase(twice: boolean): Promise<Result<string>> {
  const given = process.env['METERWRIGHT_PASSPHRASE']?.trim();
  if (given !== undefined && given !== '') return ok(given);
  if (!isTerminal()) return nobodyToAsk('METERWRIGHT_PASSPHRASE is not set');
  return twice
    ? askNewSecret('Passphrase of the sealed file')
    : ok(await prompt('Passphrase of the sealed file: ', true));
}

/** A new secret, typed twice on a terminal. */
export async function askNewSecret(what: string): Promise<Result<string>> {
  if (!isTerminal()) return nobodyToAsk(`${what} has to be typed`);
  const first = await prompt(`${what}: `, true);
  // Nothing, or Ctrl-C: who wants to stop is not asked again.
  const second = first === '' ? '' : await prompt(`${what}, once more: `, true);
  if (first !== '' && first === second) return ok(first);
  return fail({
    code: 'passwords/not-the-same',
    title: 'Nothing was done',
    because: first === '' ? 'Nothing was typed.' : 'The two entries differ.',
    nextStep: 'Start again.',
  });
}

function nobodyToAsk(what: string): Result<never> {
  return fail({
    code: 'passwords/nobody-to-ask',
    title: 'A secret is needed, and there is no terminal to ask on',
    because: `${what}, and standard input and output are no terminal.`,
    meterState: METER_STATE.untouched,
    nextStep: 'Run it on a terminal; for the passphrase, METERWRIGHT_PASSPHRASE may be set instead.',
  });
}
